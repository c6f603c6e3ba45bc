// Work that may take long goes on in turns, so that the server serves others in between.
//
// A command describes its work as steps of at most about half a millisecond. Little work is done at once.
// Much work is begun at once; if a turn of two milliseconds does not suffice, the client is blocked, and a
// timer of the module takes further turns, each for the work of all clients together. Everything runs in the
// server's main thread: no lock.
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "tensor.h"

/** The first member of whatever the steps of some work share. */
struct work {
  /** What the work reads; its reference is dropped by `end`. */
  const struct tensor *tensor;
  /** Does one step and returns whether more is to be done. */
  bool (*step)(struct work *work, RedisModuleCtx *ctx);
  /** Frees the work; called once, whether it was finished or not. */
  void (*end)(struct work *work);
};

enum work_size {
  /** A few milliseconds for certain. */
  WORK_IS_LITTLE,
  /** Perhaps more; only the last step replies. */
  WORK_IS_MUCH,
  /** The same, but every step replies, so all must do it into the same context. */
  WORK_REPLIES_ALL_ALONG,
};

/** Does the work, which belongs to the callee from now on; the client gets what its steps reply. Returns what
 * the command does. */
int do_work(RedisModuleCtx *ctx, enum work_size size, struct work *work);

/** How many clients wait for work now. */
unsigned long waiting_work(void);

/** How many turns there have been. */
unsigned long turns_of_work(void);

#endif
