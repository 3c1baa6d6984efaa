/* A libnccl that moves nothing: it remembers its arguments, so that tests see what arrives on the other side. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct { char internal[128]; } ncclUniqueId;

static uint64_t seen[8];
static int status;
static int async_status;

uint64_t fake_seen(int i) { return seen[i]; }
void fake_fail(int code, int async_code) { status = code; async_status = async_code; }

static int record(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f, uint64_t g) {
  uint64_t values[7] = {a, b, c, d, e, f, g};
  memcpy(seen, values, sizeof values);
  return status;
}

#ifndef FAKE_VERSION
#define FAKE_VERSION 23007
#endif
int ncclGetVersion(int *version) { *version = FAKE_VERSION; return 0; }
int ncclGetUniqueId(ncclUniqueId *id) {
  for (int i = 0; i < 128; i++) id->internal[i] = (char)(255 - i);
  return status;
}
int ncclCommInitRank(void **group, int size, ncclUniqueId id, int rank) {
  uint64_t weighted = 0;
  for (int i = 0; i < 128; i++) weighted += (uint64_t)(i + 1) * (unsigned char)id.internal[i];
  *group = (void *)0x7fffdeadbeef0;
  return record(size, rank, weighted, 0, 0, 0, 0);
}
int ncclAllReduce(const void *send, void *receive, size_t count, int type, int operation, void *group, void *stream) {
  return record((uint64_t)send, (uint64_t)receive, count, type, operation, (uint64_t)group, (uint64_t)stream);
}
int ncclAllGather(const void *send, void *receive, size_t count, int type, void *group, void *stream) {
  return record((uint64_t)send, (uint64_t)receive, count, type, (uint64_t)group, (uint64_t)stream, 0);
}
int ncclBroadcast(const void *send, void *receive, size_t count, int type, int root, void *group, void *stream) {
  return record((uint64_t)send, (uint64_t)receive, count, type, root, (uint64_t)group, (uint64_t)stream);
}
int ncclSend(const void *send, size_t count, int type, int peer, void *group, void *stream) {
  return record((uint64_t)send, count, type, peer, (uint64_t)group, (uint64_t)stream, 1);
}
int ncclRecv(void *receive, size_t count, int type, int peer, void *group, void *stream) {
  return record((uint64_t)receive, count, type, peer, (uint64_t)group, (uint64_t)stream, 2);
}
int ncclGroupStart(void) { seen[7]++; return 0; }
int ncclGroupEnd(void) { seen[7]--; return status; }
int ncclCommDestroy(void *group) { return record((uint64_t)group, 1, 0, 0, 0, 0, 0); }
int ncclCommAbort(void *group) { return record((uint64_t)group, 2, 0, 0, 0, 0, 0); }
int ncclCommGetAsyncError(void *group, int *result) { (void)group; *result = async_status; return 0; }
const char *ncclGetErrorString(int code) { return code == 6 ? "remote process exited" : "unhandled cuda error"; }
const char *ncclGetLastError(void *group) { (void)group; return "Cuda failure 'the words of CUDA'"; }
