#include "work.h"

#include <time.h>

#include "memory.h"

struct waiting {
  struct work *work;
  RedisModuleBlockedClient *client;
  /** Collects the reply. */
  RedisModuleCtx *reply;
  bool client_is_gone;
  bool is_done;
  /** Of the tensor's memory, once the work is done. */
  size_t given_back;
  struct waiting *next;
};

static const int64_t nanoseconds_of_a_turn = 2000000;
static const long long milliseconds_between_turns = 1;

/** A ring of what waits; `last->next` is the first. */
static struct waiting *last;
static unsigned long count;
static unsigned long turns;

unsigned long waiting_work(void) { return count; }

unsigned long turns_of_work(void) { return turns; }

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void append(struct waiting *waiting) {
  if (last == NULL) {
    waiting->next = waiting;
  } else {
    waiting->next = last->next;
    last->next = waiting;
  }
  last = waiting;
  count++;
}

static void finish_first(void) {
  struct waiting *first = last->next;
  if (first == last)
    last = NULL;
  else
    last->next = first->next;
  count--;
  first->work->end(first->work);
  api.FreeThreadSafeContext(first->reply);
  api.UnblockClient(first->client, NULL);
  memory_give_back(first);
}

static int64_t end_of_turn(void) { return nanoseconds() + nanoseconds_of_a_turn; }

/** Does a step, if there is one. Returns whether there are more. */
static bool goes_on(struct waiting *waiting) {
  if (!waiting->is_done && !waiting->client_is_gone)
    waiting->is_done = !waiting->work->step(waiting->work, waiting->reply);
  return !waiting->is_done && !waiting->client_is_gone;
}

static void take_turn(RedisModuleCtx *ctx, void *unused) {
  (void)unused;
  turns++;
  const int64_t end = end_of_turn();
  do {
    struct waiting *first = last->next;
    if (goes_on(first)) {
      last = first;
    } else if (tensor_give_piece_back(first->work->tensor, &first->given_back)) {
      last = first;
      break;
    } else {
      finish_first();
    }
  } while (last != NULL && nanoseconds() < end);
  if (last != NULL) api.CreateTimer(ctx, milliseconds_between_turns, take_turn, NULL);
}

static void note_disconnect(RedisModuleCtx *ctx, RedisModuleBlockedClient *client) {
  (void)ctx;
  struct waiting *waiting = last;
  for (unsigned long i = 0; i < count; i++, waiting = waiting->next)
    if (waiting->client == client) waiting->client_is_gone = true;
}

/** Does steps until there are no more or it is time. Returns whether there are more. */
static bool goes_on_after(struct work *work, RedisModuleCtx *ctx, int64_t end) {
  bool more = true;
  while (more && nanoseconds() < end) more = work->step(work, ctx);
  return more;
}

static int wait_for(RedisModuleCtx *ctx, struct work *work) {
  struct waiting *waiting = memory_take(sizeof(*waiting));
  RedisModuleBlockedClient *client = api.BlockClient(ctx, NULL, NULL, NULL, 0);
  *waiting = (struct waiting){.work = work, .client = client, .reply = api.GetThreadSafeContext(client)};
  api.SetDisconnectCallback(client, note_disconnect);
  append(waiting);
  if (count == 1) api.CreateTimer(ctx, milliseconds_between_turns, take_turn, NULL);
  return MODULE_OK;
}

int do_work(RedisModuleCtx *ctx, enum work_size size, struct work *work) {
  if (size != WORK_IS_LITTLE &&
      (api.GetContextFlags(ctx) & (CONTEXT_LUA | CONTEXT_MULTI | CONTEXT_DENY_BLOCKING))) {
    work->end(work);
    return api.ReplyWithError(
        ctx, "ERR this takes too long for a transaction or a script: ask for less, or outside of it");
  }
  if (size == WORK_REPLIES_ALL_ALONG) return wait_for(ctx, work);
  if (goes_on_after(work, ctx, size == WORK_IS_LITTLE ? INT64_MAX : end_of_turn()))
    return wait_for(ctx, work);
  work->end(work);
  return MODULE_OK;
}
