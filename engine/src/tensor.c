// For the advice that drops pages, which POSIX lacks.
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "tensor.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"

static uint64_t next_version;

/** In which commands run, but in KeyDB, which has several such threads and strings that bear it. */
static pthread_t main_thread;

/**
 * Turns of the server's event loop, as far as they matter: ended by a timer, and timers run between commands,
 * never within one. A string that came in an earlier turn is held by nobody but its tensor.
 */
static atomic_uint_fast64_t turn;
static bool turn_is_under_way;
static const long long milliseconds_of_a_turn = 10;

static atomic_ulong in_memory;

/** Dropped in another thread while the command that brought their strings may still have been running. */
static _Atomic(struct tensor *) unsettled;

void tensor_begin(void) {
  main_thread = pthread_self();
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  // Microseconds: a server that restarts goes on above what it had, unless it set more than a million tensors
  // a second all the time. Fits the integers of a double, as JSON readers have them.
  next_version = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static struct tensor *make(enum data_type type, const struct shape *shape) {
  const size_t lengths = shape->rank * sizeof(shape->lengths[0]);
  struct tensor *tensor = memory_take(sizeof(*tensor) + lengths);
  memset(tensor, 0, sizeof(*tensor));
  atomic_fetch_add(&in_memory, 1);
  atomic_init(&tensor->references, 1);
  tensor->type = type;
  tensor->version = next_version++;
  tensor->elements = shape->elements;
  tensor->rank = shape->rank;
  memcpy(tensor->lengths, shape->lengths, lengths);
  return tensor;
}

static void destroy(struct tensor *tensor) {
  if (tensor->string != NULL) api.FreeString(NULL, tensor->string);
  if (tensor->block != NULL) memory_give_back(tensor->block);
  memory_give_back(tensor);
  atomic_fetch_sub(&in_memory, 1);
}

static void destroy_unsettled(void) {
  struct tensor *tensor = atomic_exchange(&unsettled, NULL);
  while (tensor != NULL) {
    struct tensor *next = tensor->next_unsettled;
    destroy(tensor);
    tensor = next;
  }
}

static void end_turn(RedisModuleCtx *ctx, void *unused) {
  (void)ctx;
  (void)unused;
  turn_is_under_way = false;
  atomic_fetch_add(&turn, 1);
  destroy_unsettled();
}

struct tensor *tensor_of_argument(RedisModuleCtx *ctx, enum data_type type, const struct shape *shape,
                                  RedisModuleString *string) {
  api.RetainString(NULL, string);
  struct tensor *tensor = tensor_of_string(type, shape, string);
  tensor->settled_after = atomic_load(&turn) + 1;
  if (!turn_is_under_way) {
    turn_is_under_way = true;
    api.CreateTimer(ctx, milliseconds_of_a_turn, end_turn, NULL);
  }
  return tensor;
}

struct tensor *tensor_of_string(enum data_type type, const struct shape *shape, RedisModuleString *string) {
  struct tensor *tensor = make(type, shape);
  tensor->string = string;
  const char *data = api.StringPtrLen(string, &tensor->bytes);
#ifdef ENGINE_OWN_MALLOC
  // Checkers see who reads beyond the bytes only where these lie in memory of the C library.
  tensor->block = memory_take(tensor->bytes);
  memcpy(tensor->block, data, tensor->bytes);
#else
  (void)data;
#endif
  return tensor;
}

struct tensor *tensor_of_block(enum data_type type, const struct shape *shape, void *block, size_t bytes) {
  struct tensor *tensor = make(type, shape);
  tensor->block = block;
  tensor->bytes = bytes;
  return tensor;
}

struct tensor *tensor_retain(const struct tensor *tensor) {
  // Counting changes nothing that a reader of the tensor sees.
  struct tensor *counted = (struct tensor *)(uintptr_t)tensor;
  atomic_fetch_add(&counted->references, 1);
  return counted;
}

void tensor_release(struct tensor *tensor) {
  // Who has the only reference is alone with the tensor, and need not agree with others on the count.
  if (tensor_is_shared(tensor) && atomic_fetch_sub(&tensor->references, 1) > 1) return;
  const bool settled = tensor->settled_after <= atomic_load(&turn);
  if (settled || pthread_equal(pthread_self(), main_thread)) {
    destroy(tensor);
    return;
  }
  // Set and dropped within one turn (by FLUSHALL ASYNC in the same transaction, say), and the transaction may
  // hold the string still. The main thread looks at these when the turn ends.
  struct tensor *first = atomic_load(&unsettled);
  do {
    tensor->next_unsettled = first;
  } while (!atomic_compare_exchange_weak(&unsettled, &first, tensor));
}

const char *tensor_data(const struct tensor *tensor) {
  return tensor->block != NULL ? tensor->block : api.StringPtrLen(tensor->string, NULL);
}

bool tensor_give_piece_back(const struct tensor *tensor, size_t *given_back) {
  // A millisecond or two; freeing a gibibyte at once would take more than a hundred.
  const size_t piece = 8 * 1024 * 1024;
  if (tensor->bytes < TENSOR_IS_LARGE || tensor_is_shared(tensor)) return false;
  if (tensor->bytes - *given_back <= piece) return false;
  // Whole pages within the piece only: what lies before the first belongs to others.
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  char *from = (char *)(uintptr_t)tensor_data(tensor) + *given_back;
  char *whole = from + (page - (uintptr_t)from % page) % page;
  // It is only advice: what is not dropped here is freed at the end.
  (void)madvise(whole, piece - page, MADV_DONTNEED);
  *given_back += piece;
  return true;
}

size_t tensor_memory(const struct tensor *tensor) {
  const size_t own = sizeof(*tensor) + tensor->rank * sizeof(tensor->lengths[0]);
  const size_t of_string = 32;
  if (tensor->string == NULL) return own + tensor->bytes;
  if (api.MallocSizeString != NULL) return own + api.MallocSizeString(tensor->string);
  return own + of_string + tensor->bytes;
}

bool tensor_is_shared(const struct tensor *tensor) { return atomic_load(&tensor->references) > 1; }

unsigned long tensors_in_memory(void) { return atomic_load(&in_memory); }
