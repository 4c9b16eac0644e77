/*
** A SQLite VFS that writes down what reaches the disk: every create, write, truncate, sync and delete of a named file,
** with offset and bytes, and every sync of a directory. It becomes the process's default, so a program that opens its
** database as always is recorded without knowing. Files themselves are left to the default VFS ("unix").
**
** The log is the file named by the environment variable RECORDING_LOG, opened for appending. One record, little endian:
**   u8 kind, u32 path length, u32 data length, u64 offset, path, data
** Kinds: C create, W write, T truncate to offset, S sync, U unlink, D directory synced. The other side,
** recording-log.ts, reads them, and writes those of files that do not go through SQLite (the black box).
**
** A call that fails, or a log that cannot be written, ends the process: a recording with a hole proves nothing.
**
** Threads of the process share the recorder. Each act and its record are one turn, so that the log has the order of the
** disk; only the sync itself, which may take long, is done outside, after its record: a write that is recorded behind it
** is never counted as covered. `SELECT end_by_kill()`, on the connection that loaded the extension, ends the
** process in a turn of its own, so that no thread has done anything the log does not tell.
*/
#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT1

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

typedef struct RecordedFile {
  sqlite3_file base;
  sqlite3_file *real; /* lies behind this struct, in the same allocation of SQLite */
  const char *path;   /* SQLite keeps it until xClose; NULL for a nameless temporary file */
} RecordedFile;

static sqlite3_vfs *disk;
static sqlite3_vfs recorder;
static sqlite3_io_methods methods;
static int log_fd = -1;
static sqlite3_mutex *turn; /* recursive: a directory is synced within a delete */
static int (*real_open_directory)(const char *, int *);

static void give_up(const char *what, const char *path) {
  fprintf(stderr, "recording-vfs: %s failed: %s\n", what, path ? path : "");
  abort();
}

static void note(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
  unsigned char head[17];
  uint32_t path_length = (uint32_t)strlen(path);
  struct iovec parts[3] = {{head, sizeof head}, {(void *)path, path_length}, {(void *)data, length}};
  head[0] = (unsigned char)kind;
  memcpy(head + 1, &path_length, 4);
  memcpy(head + 5, &length, 4);
  memcpy(head + 9, &offset, 8);
  if (writev(log_fd, parts, 3) != (ssize_t)(sizeof head + path_length + length)) give_up("log", path);
}

#define REAL(file) (((RecordedFile *)(file))->real)
#define PATH(file) (((RecordedFile *)(file))->path)

static int rec_close(sqlite3_file *file) { return REAL(file)->pMethods->xClose(REAL(file)); }

static int rec_read(sqlite3_file *file, void *data, int length, sqlite3_int64 offset) {
  return REAL(file)->pMethods->xRead(REAL(file), data, length, offset);
}

static int rec_write(sqlite3_file *file, const void *data, int length, sqlite3_int64 offset) {
  sqlite3_mutex_enter(turn);
  if (REAL(file)->pMethods->xWrite(REAL(file), data, length, offset) != SQLITE_OK) give_up("write", PATH(file));
  if (PATH(file)) note('W', PATH(file), (uint64_t)offset, data, (uint32_t)length);
  sqlite3_mutex_leave(turn);
  return SQLITE_OK;
}

static int rec_truncate(sqlite3_file *file, sqlite3_int64 size) {
  sqlite3_mutex_enter(turn);
  if (REAL(file)->pMethods->xTruncate(REAL(file), size) != SQLITE_OK) give_up("truncate", PATH(file));
  if (PATH(file)) note('T', PATH(file), (uint64_t)size, "", 0);
  sqlite3_mutex_leave(turn);
  return SQLITE_OK;
}

/* Noted first: the directory of a new journal is synced within the real call, after the file. */
static int rec_sync(sqlite3_file *file, int flags) {
  sqlite3_mutex_enter(turn);
  if (PATH(file)) note('S', PATH(file), 0, "", 0);
  sqlite3_mutex_leave(turn);
  if (REAL(file)->pMethods->xSync(REAL(file), flags) != SQLITE_OK) give_up("sync", PATH(file));
  return SQLITE_OK;
}

static int rec_size(sqlite3_file *file, sqlite3_int64 *size) {
  return REAL(file)->pMethods->xFileSize(REAL(file), size);
}
static int rec_lock(sqlite3_file *file, int level) { return REAL(file)->pMethods->xLock(REAL(file), level); }
static int rec_unlock(sqlite3_file *file, int level) { return REAL(file)->pMethods->xUnlock(REAL(file), level); }
static int rec_reserved(sqlite3_file *file, int *answer) {
  return REAL(file)->pMethods->xCheckReservedLock(REAL(file), answer);
}
static int rec_control(sqlite3_file *file, int op, void *argument) {
  return REAL(file)->pMethods->xFileControl(REAL(file), op, argument);
}
static int rec_sector(sqlite3_file *file) { return REAL(file)->pMethods->xSectorSize(REAL(file)); }
static int rec_device(sqlite3_file *file) { return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file)); }
static int rec_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **at) {
  return REAL(file)->pMethods->xShmMap(REAL(file), region, size, extend, at);
}
static int rec_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  return REAL(file)->pMethods->xShmLock(REAL(file), offset, count, flags);
}
static void rec_shm_barrier(sqlite3_file *file) { REAL(file)->pMethods->xShmBarrier(REAL(file)); }
static int rec_shm_unmap(sqlite3_file *file, int erase) {
  return REAL(file)->pMethods->xShmUnmap(REAL(file), erase);
}

static int exists(const char *path) {
  int found = 0;
  if (disk->xAccess(disk, path, SQLITE_ACCESS_EXISTS, &found) != SQLITE_OK) give_up("access", path);
  return found;
}

/* SQLite hands the same path pointer for as long as the file is open. */
static int rec_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *granted) {
  RecordedFile *recorded = (RecordedFile *)file;
  int is_new, code;
  (void)vfs;
  sqlite3_mutex_enter(turn);
  is_new = path && (flags & SQLITE_OPEN_CREATE) && !exists(path);
  recorded->real = (sqlite3_file *)(recorded + 1);
  recorded->path = path;
  code = disk->xOpen(disk, path, recorded->real, flags, granted);
  if (is_new && code == SQLITE_OK) note('C', path, 0, "", 0);
  sqlite3_mutex_leave(turn);
  file->pMethods = recorded->real->pMethods ? &methods : NULL;
  return code;
}

/* Noted first: the directory is synced within the real call, after the file is gone. */
static int rec_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
  int was_there, code;
  (void)vfs;
  sqlite3_mutex_enter(turn);
  was_there = exists(path);
  if (was_there) note('U', path, 0, "", 0);
  code = disk->xDelete(disk, path, sync_directory);
  if (was_there && code != SQLITE_OK) give_up("delete", path);
  sqlite3_mutex_leave(turn);
  return code;
}

/* The default VFS opens a directory for one reason: to sync it at once. It names a file in it. */
static int rec_open_directory(const char *file_path, int *fd) {
  char directory[4096];
  const char *slash = strrchr(file_path, '/');
  size_t length = slash ? (size_t)(slash - file_path) : 0;
  int code;
  sqlite3_mutex_enter(turn);
  code = real_open_directory(file_path, fd);
  if (code != SQLITE_OK || length == 0 || length >= sizeof directory) give_up("sync of the directory", file_path);
  memcpy(directory, file_path, length);
  directory[length] = 0;
  note('D', directory, 0, "", 0);
  sqlite3_mutex_leave(turn);
  return code;
}

static void end_by_kill(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)context, (void)count, (void)values;
  sqlite3_mutex_enter(turn);
  kill(getpid(), SIGKILL);
  pause();
}

int sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api) {
  const char *log_path = getenv("RECORDING_LOG");
  SQLITE_EXTENSION_INIT2(api);
  if (log_fd >= 0) return SQLITE_OK_LOAD_PERMANENTLY;
  turn = sqlite3_mutex_alloc(SQLITE_MUTEX_RECURSIVE);
  if (!turn) give_up("mutex", "");
  if (sqlite3_create_function(db, "end_by_kill", 0, SQLITE_UTF8, NULL, end_by_kill, NULL, NULL) != SQLITE_OK)
    give_up("end_by_kill", "");
  disk = sqlite3_vfs_find(NULL);
  if (!log_path || !disk || !disk->xSetSystemCall) {
    *message = sqlite3_mprintf("RECORDING_LOG is not set, or the default VFS is not unix");
    return SQLITE_ERROR;
  }
  log_fd = open(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (log_fd < 0) give_up("open", log_path);
  real_open_directory = (int (*)(const char *, int *))disk->xGetSystemCall(disk, "openDirectory");
  if (!real_open_directory) give_up("openDirectory", "");
  disk->xSetSystemCall(disk, "openDirectory", (sqlite3_syscall_ptr)rec_open_directory);

  /* version 2: with shared memory, without memory-mapped reads and writes, which no VFS would see */
  methods = (sqlite3_io_methods){2, rec_close, rec_read, rec_write, rec_truncate, rec_sync, rec_size, rec_lock, rec_unlock,
    rec_reserved, rec_control, rec_sector, rec_device, rec_shm_map, rec_shm_lock, rec_shm_barrier, rec_shm_unmap, NULL, NULL};
  recorder = *disk;
  recorder.zName = "recorder";
  recorder.szOsFile = (int)sizeof(RecordedFile) + disk->szOsFile;
  recorder.xOpen = rec_open;
  recorder.xDelete = rec_delete;
  return sqlite3_vfs_register(&recorder, 1) == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : SQLITE_ERROR;
}
