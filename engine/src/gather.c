#include "gather.h"

#include <string.h>

static const uint64_t runs_of_a_step = 4 * 1024;
static const size_t bytes_of_a_step = 512 * 1024;
/** Of strings: they are read one by one, and may be short. */
static const size_t bytes_read_of_a_step = 64 * 1024;

/** A loop for each common size: with a constant, memcpy becomes a single move. */
#define COPY_RUNS(size)                                                                                      \
  case size:                                                                                                 \
    for (uint64_t i = 0; i < count; i++) memcpy(to + i * (size), from + i * stride, (size));                 \
    break;

/** Copies runs that lie `stride` bytes apart. */
static void copy_runs(char *to, const char *from, uint64_t count, uint64_t stride, size_t bytes) {
  switch (bytes) {
    COPY_RUNS(1)
    COPY_RUNS(2)
    COPY_RUNS(4)
    COPY_RUNS(8)
    default:
      for (uint64_t i = 0; i < count; i++) memcpy(to + i * bytes, from + i * stride, bytes);
  }
}

static uint64_t least_of(uint64_t one, uint64_t other) { return one < other ? one : other; }

static enum gather_verdict gather_numbers(struct gather *gather) {
  struct selection *selection = &gather->selection;
  const size_t size = data_type_size(gather->tensor->type);
  const size_t bytes = selection->run * size;
  const char *data = tensor_data(gather->tensor);
  // One at least, however long a run is.
  uint64_t left = 1 + least_of(runs_of_a_step, bytes_of_a_step / bytes);
  while (left > 0) {
    uint64_t stride;
    const uint64_t count = least_of(selection_row(selection, &stride), left);
    copy_runs(gather->to + gather->filled, data + selection->at * size, count, stride * size,
              bytes);
    gather->filled += count * bytes;
    left -= count;
    if (!selection_advance(selection, count)) return GATHER_IS_DONE;
  }
  return GATHER_GOES_ON;
}

/** The string that is being read, or as much of it as may be read now, with its NUL. */
static size_t piece(const char *from, size_t most, bool *ends) {
  const char *nul = memchr(from, 0, most);
  *ends = nul != NULL;
  return *ends ? (size_t)(nul - from) + 1 : most;
}

static enum gather_verdict gather_strings(struct gather *gather) {
  struct selection *selection = &gather->selection;
  const char *data = tensor_data(gather->tensor);
  const size_t rest = gather->tensor->bytes - gather->read;
  size_t budget = rest < bytes_read_of_a_step ? rest : bytes_read_of_a_step;
  while (budget > 0) {
    bool ends;
    const size_t bytes = piece(data + gather->read, budget, &ends);
    if (gather->element >= selection->at) {
      if (bytes > gather->capacity - gather->filled) return GATHER_IS_FULL;
      memcpy(gather->to + gather->filled, data + gather->read, bytes);
      gather->filled += bytes;
    }
    gather->read += bytes;
    budget -= bytes;
    if (!ends) continue;
    gather->element++;
    if (gather->element == selection->at + selection->run && !selection_advance(selection, 1))
      return GATHER_IS_DONE;
  }
  return GATHER_GOES_ON;
}

enum gather_verdict gather_step(struct gather *gather) {
  return gather->tensor->type == TYPE_STRING ? gather_strings(gather) : gather_numbers(gather);
}
