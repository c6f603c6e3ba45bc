// Lengths of a tensor's dimensions, row-major, and what follows from them.
#ifndef ENGINE_SHAPE_H
#define ENGINE_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

/** More than any framework has (numpy 2: 64), and few enough to hold a shape on the stack. */
enum { MAX_RANK = 64 };

struct shape {
  uint32_t rank;
  /** Product of the lengths; 1 without dimensions: a scalar. */
  uint64_t elements;
  int64_t lengths[MAX_RANK];
};

enum shape_verdict { SHAPE_FITS, SHAPE_BAD_LENGTH, SHAPE_TOO_MANY_DIMENSIONS, SHAPE_TOO_LARGE };

void shape_of_scalar(struct shape *shape);

/** Adds a last dimension. On any verdict but SHAPE_FITS the shape is as it was. */
enum shape_verdict shape_append(struct shape *shape, int64_t length);

/** Sets `bytes` to elements x size. Returns whether a tensor may have that many. */
bool shape_bytes(uint64_t elements, uint64_t element_size, uint64_t *bytes);

#endif
