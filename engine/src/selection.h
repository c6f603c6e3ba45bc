// Some elements of a tensor, in row-major order, as runs of elements that lie side by side.
#ifndef ENGINE_SELECTION_H
#define ENGINE_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "shape.h"

struct selection {
  /** Shape of what is selected. */
  struct shape shape;
  /** Elements of each run. */
  uint64_t run;
  uint64_t runs;
  /** Number of the element with which the present run begins. */
  uint64_t at;
  /** Where the runs begin: nested counts, the last one fastest. */
  uint32_t rank;
  struct axis {
    uint64_t count;
    /** Elements from one to the next. */
    uint64_t stride;
    uint64_t index;
  } axes[MAX_RANK];
};

/** From `start` to before `stop`, every `step`th. */
struct slice {
  int64_t start, stop, step;
};

/** Selects a slice of each dimension. Returns whether they all lie within their dimension and hold something.
 */
bool selection_of_slices(struct selection *selection, uint32_t rank, const int64_t *lengths,
                         const struct slice *slices);

/** Selects elements by their number. Returns whether they are there. */
bool selection_of_range(struct selection *selection, uint64_t elements, int64_t start, int64_t count);

/** How many runs from the present one on lie along the fastest axis, and how many elements lie from one to
 * the next. */
uint64_t selection_row(const struct selection *selection, uint64_t *stride);

/** Goes on by so many runs, which are of one row. Returns whether there are more. */
bool selection_advance(struct selection *selection, uint64_t runs);

#endif
