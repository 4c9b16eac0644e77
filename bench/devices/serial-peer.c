/* Both ends of a serial line without any library: the floor that the driver is measured against.
 *   serial-peer respond DEVICE TABLE [BAUD]  answers each known question (TABLE: lines "question answer" in hex, a question is
 *                                            as long as its line says); with BAUD every byte takes ten bits of time, both ways
 *   serial-peer ask DEVICE COUNT QUESTION ANSWER_BYTES  prints the round trips in nanoseconds, one a line */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096
#define ENTRIES 16

static long long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Sleeps most of the way and watches the clock for the rest: a sleep alone is late by tens of microseconds. */
static void wait_until(long long at) {
  long long left = at - now_ns();
  if (left > 300000) {
    struct timespec t = {0, left - 200000};
    while (t.tv_nsec >= 1000000000L) { t.tv_sec++; t.tv_nsec -= 1000000000L; }
    nanosleep(&t, NULL);
  }
  while (now_ns() < at) {}
}

static int open_raw(const char *path) {
  int fd = open(path, O_RDWR | O_NOCTTY);
  struct termios t;
  if (fd < 0 || tcgetattr(fd, &t) < 0) { perror(path); exit(1); }
  cfmakeraw(&t);
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  tcsetattr(fd, TCSANOW, &t);
  return fd;
}

static size_t from_hex(const char *hex, unsigned char *out) {
  size_t n = strlen(hex) / 2;
  for (size_t i = 0; i < n; i++) sscanf(hex + 2 * i, "%2hhx", &out[i]);
  return n;
}

static void write_all(int fd, const unsigned char *bytes, size_t n) {
  while (n > 0) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno != EINTR) exit(0);
    if (done > 0) { bytes += done; n -= (size_t)done; }
  }
}

static unsigned char questions[ENTRIES][MOST], answers[ENTRIES][MOST];
static size_t question_bytes[ENTRIES], answer_bytes[ENTRIES];
static int entries;

static void read_table(const char *path) {
  static char q[2 * MOST + 2], a[2 * MOST + 2];
  FILE *file = fopen(path, "r");
  if (!file) { perror(path); exit(1); }
  while (entries < ENTRIES && fscanf(file, "%8192s %8192s", q, a) == 2) {
    question_bytes[entries] = from_hex(q, questions[entries]);
    answer_bytes[entries] = from_hex(a, answers[entries]);
    entries++;
  }
  fclose(file);
}

/* Bytes of the answer leave in steps of eight, as a UART with a half-full FIFO hands them on. */
static void say(int fd, int entry, long long byte_ns, long long since) {
  const unsigned char *bytes = answers[entry];
  size_t n = answer_bytes[entry];
  if (byte_ns == 0) return write_all(fd, bytes, n);
  for (size_t at = 0; at < n; at += 8) {
    size_t step = n - at < 8 ? n - at : 8;
    wait_until(since + (long long)(at + step) * byte_ns);
    write_all(fd, bytes + at, step);
  }
}

static int respond(const char *device, const char *table, long baud) {
  long long byte_ns = baud ? 10000000000LL / baud : 0;
  unsigned char got[MOST];
  size_t have = 0;
  int fd = open_raw(device);
  read_table(table);
  puts("ready");
  fflush(stdout);
  for (;;) {
    ssize_t n = read(fd, got + have, sizeof got - have);
    if (n <= 0) return 0;
    long long since = now_ns();
    have += (size_t)n;
    for (int e = 0; e < entries; e++) {
      if (have < question_bytes[e] || memcmp(got, questions[e], question_bytes[e])) continue;
      say(fd, e, byte_ns, since + (long long)question_bytes[e] * byte_ns);
      have = 0;
      break;
    }
    if (have == sizeof got) have = 0;
  }
}

static int ask(const char *device, long count, const char *question, size_t answer) {
  unsigned char bytes[MOST], got[MOST];
  size_t n = from_hex(question, bytes);
  int fd = open_raw(device);
  for (long i = 0; i < count; i++) {
    long long began = now_ns();
    write_all(fd, bytes, n);
    for (size_t have = 0; have < answer;) {
      ssize_t more = read(fd, got, sizeof got);
      if (more <= 0) return 1;
      have += (size_t)more;
    }
    printf("%lld\n", now_ns() - began);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc >= 4 && !strcmp(argv[1], "respond")) return respond(argv[2], argv[3], argc > 4 ? atol(argv[4]) : 0);
  if (argc == 6 && !strcmp(argv[1], "ask")) return ask(argv[2], atol(argv[3]), argv[4], (size_t)atol(argv[5]));
  fprintf(stderr, "usage: serial-peer respond DEVICE TABLE [BAUD] | ask DEVICE COUNT QUESTION ANSWER_BYTES\n");
  return 64;
}
