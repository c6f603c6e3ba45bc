#include "shape.h"

/** Keeps every sum and difference of offsets far from overflow. */
static const uint64_t most_bytes = UINT64_C(1) << 60;

void shape_of_scalar(struct shape *shape) {
  shape->rank = 0;
  shape->elements = 1;
}

enum shape_verdict shape_append(struct shape *shape, int64_t length) {
  if (length <= 0) return SHAPE_BAD_LENGTH;
  if (shape->rank == MAX_RANK) return SHAPE_TOO_MANY_DIMENSIONS;
  if ((uint64_t)length > most_bytes / shape->elements) return SHAPE_TOO_LARGE;
  shape->lengths[shape->rank++] = length;
  shape->elements *= (uint64_t)length;
  return SHAPE_FITS;
}

bool shape_bytes(uint64_t elements, uint64_t element_size, uint64_t *bytes) {
  if (elements > most_bytes / element_size) return false;
  *bytes = elements * element_size;
  return true;
}
