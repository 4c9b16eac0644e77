/*
 * The floor of a card reader, and the card both sides read: nothing but libpcsclite and a socket.
 *   apdu-peer card PORT      a virtual card in vpcd framing; lines on stdin: "insert", "remove"
 *   apdu-peer read READER    lines "read N": connect, SELECT, N times READ BINARY of 256 bytes, let go; prints microseconds
 *   apdu-peer watch READER   prints "present NS" and "empty NS" (CLOCK_MONOTONIC) as SCardGetStatusChange says it
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

static const unsigned char ATR[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
                                    0x03, 0x06, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x6A};
static const unsigned char SELECT[] = {0x00, 0xA4, 0x04, 0x00, 0x08, 'B', 'E', 'N', 'C', 'H', 'C', 'R', 'D'};
static const unsigned char READ[] = {0x00, 0xB0, 0x95, 0x00, 0x00};

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void fail(const char *what, long code) {
  fprintf(stderr, "%s: %lx\n", what, code);
  exit(1);
}

/* vpcd sends length and body as two segments: without quick acknowledgements each command costs 44 ms. */
static void quick(int wire) {
  int on = 1;
  setsockopt(wire, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static int receive(int wire, unsigned char *into, size_t wanted) {
  for (size_t got = 0; got < wanted;) {
    ssize_t count = recv(wire, into + got, wanted - got, 0);
    if (count <= 0) return 0;
    got += (size_t)count;
    quick(wire);
  }
  return 1;
}

static void say(int wire, const unsigned char *body, size_t length) {
  unsigned char frame[2 + 258] = {(unsigned char)(length >> 8), (unsigned char)length};
  memcpy(frame + 2, body, length);
  if (send(wire, frame, 2 + length, MSG_NOSIGNAL) < 0) return;
}

/* One message of the reader; 0 when the wire is gone. */
static int answer(int wire) {
  unsigned char head[2], body[512], data[258];
  if (!receive(wire, head, 2)) return 0;
  size_t length = (size_t)head[0] << 8 | head[1];
  if (length == 0 || length > sizeof body || !receive(wire, body, length)) return 0;
  if (length == 1) {
    if (body[0] == 4) say(wire, ATR, sizeof ATR);
    return 1;
  }
  size_t count = body[1] == 0xB0 ? 256 : 0;
  for (size_t at = 0; at < count; at++) data[at] = (unsigned char)('0' + at % 10);
  data[count] = 0x90;
  data[count + 1] = 0x00;
  say(wire, data, count + 2);
  return 1;
}

static int dial(int port) {
  int wire = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(wire, (struct sockaddr *)&address, sizeof address) != 0) fail("connect", port);
  setsockopt(wire, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  quick(wire);
  return wire;
}

static void be_card(int port) {
  int wire = -1;
  char line[64];
  for (;;) {
    struct pollfd ready[2] = {{.fd = 0, .events = POLLIN}, {.fd = wire, .events = POLLIN}};
    poll(ready, 2, -1);
    if (ready[0].revents) {
      ssize_t count = read(0, line, sizeof line - 1);
      if (count <= 0) return;
      if (strncmp(line, "insert", 6) == 0 && wire < 0) wire = dial(port);
      if (strncmp(line, "remove", 6) == 0 && wire >= 0) close(wire), wire = -1;
    }
    if (wire >= 0 && ready[1].revents && !answer(wire)) close(wire), wire = -1;
  }
}

static SCARDCONTEXT context(void) {
  SCARDCONTEXT made;
  LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &made);
  if (code != SCARD_S_SUCCESS) fail("SCardEstablishContext", code);
  return made;
}

static void exchange(SCARDHANDLE card, DWORD protocol, const unsigned char *apdu, DWORD length) {
  unsigned char got[512];
  DWORD count = sizeof got;
  LONG code = SCardTransmit(card, protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1, apdu, length, NULL, got, &count);
  if (code != SCARD_S_SUCCESS || count < 2 || got[count - 2] != 0x90) fail("SCardTransmit", code);
}

static void read_cards(const char *reader) {
  SCARDCONTEXT used = context();
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    int reads = atoi(line + strlen("read "));
    SCARDHANDLE card;
    DWORD protocol, state, atr_length = 33, name_length = 0;
    unsigned char atr[33];
    int64_t start = now_ns();
    LONG code;
    /* the other side lets its card go behind its answer: that time is nobody's */
    while ((code = SCardConnect(used, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card,
                                &protocol)) == (LONG)SCARD_E_SHARING_VIOLATION) {
      usleep(1000);
      start = now_ns();
    }
    if (code != SCARD_S_SUCCESS) fail("SCardConnect", code);
    SCardStatus(card, NULL, &name_length, &state, &protocol, atr, &atr_length);
    exchange(card, protocol, SELECT, sizeof SELECT);
    int64_t before = now_ns();
    for (int n = 0; n < reads; n++) exchange(card, protocol, READ, sizeof READ);
    int64_t after = now_ns();
    printf("%lld %lld ", (long long)(after - start) / 1000, (long long)(after - before) / 1000);
    SCardDisconnect(card, SCARD_UNPOWER_CARD);
    printf("%lld\n", (long long)(now_ns() - start) / 1000);
    fflush(stdout);
  }
}

static void watch(const char *reader) {
  SCARDCONTEXT used = context();
  SCARD_READERSTATE state = {.szReader = reader, .dwCurrentState = SCARD_STATE_UNAWARE};
  for (int was = -1;;) {
    LONG code = SCardGetStatusChange(used, INFINITE, &state, 1);
    int64_t at = now_ns();
    if (code != SCARD_S_SUCCESS) fail("SCardGetStatusChange", code);
    int is = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
    if (is != was) printf("%s %lld\n", is ? "present" : "empty", (long long)at), fflush(stdout);
    was = is;
    state.dwCurrentState = state.dwEventState;
  }
}

int main(int count, char **words) {
  if (count != 3) fail("usage: apdu-peer card PORT | read READER | watch READER", count);
  if (strcmp(words[1], "card") == 0) be_card(atoi(words[2]));
  else if (strcmp(words[1], "read") == 0) read_cards(words[2]);
  else watch(words[2]);
  return 0;
}
