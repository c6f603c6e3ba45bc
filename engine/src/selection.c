#include "selection.h"

static bool lies_within(const struct slice *slice, int64_t length) {
  return 0 <= slice->start && slice->start < slice->stop && slice->stop <= length && slice->step >= 1;
}

static int64_t length_of(const struct slice *slice) {
  return 1 + (slice->stop - slice->start - 1) / slice->step;
}

static void begin(struct selection *selection) {
  shape_of_scalar(&selection->shape);
  selection->run = 1;
  selection->runs = 1;
  selection->at = 0;
  selection->rank = 0;
}

bool selection_of_slices(struct selection *selection, uint32_t rank, const int64_t *lengths,
                         const struct slice *slices) {
  begin(selection);
  for (uint32_t i = 0; i < rank; i++)
    if (!lies_within(&slices[i], lengths[i]) ||
        shape_append(&selection->shape, length_of(&slices[i])) != SHAPE_FITS)
      return false;
  // From the fastest dimension outwards: as long as everything inside is taken whole, a dimension makes runs
  // longer, not more.
  uint64_t stride = 1;
  bool whole = true;
  uint32_t first = rank;
  for (uint32_t i = rank; i-- > 0;) {
    const uint64_t length = (uint64_t)selection->shape.lengths[i];
    selection->at += (uint64_t)slices[i].start * stride;
    if (whole && (slices[i].step == 1 || length == 1)) {
      selection->run *= length;
    } else if (length > 1) {
      selection->axes[--first] = (struct axis){.count = length, .stride = stride * (uint64_t)slices[i].step};
      selection->runs *= length;
    }
    whole = whole && length == (uint64_t)lengths[i];
    stride *= (uint64_t)lengths[i];
  }
  selection->rank = rank - first;
  for (uint32_t i = 0; i < selection->rank; i++) selection->axes[i] = selection->axes[first + i];
  return true;
}

bool selection_of_range(struct selection *selection, uint64_t elements, int64_t start, int64_t count) {
  begin(selection);
  if (start < 0 || count < 1 || (uint64_t)start >= elements || (uint64_t)count > elements - (uint64_t)start)
    return false;
  selection->at = (uint64_t)start;
  selection->run = (uint64_t)count;
  return shape_append(&selection->shape, count) == SHAPE_FITS;
}

uint64_t selection_row(const struct selection *selection, uint64_t *stride) {
  *stride = 0;
  if (selection->rank == 0) return 1;
  const struct axis *fastest = &selection->axes[selection->rank - 1];
  *stride = fastest->stride;
  return fastest->count - fastest->index;
}

bool selection_advance(struct selection *selection, uint64_t runs) {
  for (uint32_t i = selection->rank; i-- > 0; runs = 1) {
    struct axis *axis = &selection->axes[i];
    axis->index += runs;
    selection->at += axis->stride * runs;
    if (axis->index < axis->count) return true;
    selection->at -= axis->stride * axis->count;
    axis->index = 0;
  }
  return false;
}
