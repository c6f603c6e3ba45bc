// Copying selected elements of a tensor side by side, step by step.
#ifndef ENGINE_GATHER_H
#define ENGINE_GATHER_H

#include "selection.h"
#include "tensor.h"

struct gather {
  const struct tensor *tensor;
  struct selection selection;
  /** Collects what is selected. */
  char *to;
  size_t filled;
  size_t capacity;
  /** Of a tensor of strings, whose elements are found only by reading what lies before them: where reading
   * stands. */
  size_t read;
  uint64_t element;
};

enum gather_verdict { GATHER_GOES_ON, GATHER_IS_DONE, GATHER_IS_FULL };

/** Does a step of at most about half a millisecond. Is full only with strings, whose lengths are not known
 * beforehand. */
enum gather_verdict gather_step(struct gather *gather);

#endif
