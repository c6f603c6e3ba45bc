#include "gather.h"

#include <string.h>

static const uint64_t runs_of_a_step = 16 * 1024;
static const size_t bytes_of_a_step = 512 * 1024;
/** Of strings: they are read one by one, and may be short. */
static const size_t bytes_read_of_a_step = 64 * 1024;

/** The common sizes by constants, which the compiler turns into single moves. */
static inline void copy_run(char *to, const char *from, size_t bytes) {
  switch (bytes) {
    case 1:
      *to = *from;
      return;
    case 2:
      memcpy(to, from, 2);
      return;
    case 4:
      memcpy(to, from, 4);
      return;
    case 8:
      memcpy(to, from, 8);
      return;
    default:
      memcpy(to, from, bytes);
  }
}

static enum gather_verdict gather_numbers(struct gather *gather) {
  const size_t size = data_type_size(gather->tensor->type);
  const size_t bytes = gather->selection.run * size;
  const size_t end = gather->filled + bytes_of_a_step;
  for (uint64_t i = 0; i < runs_of_a_step && gather->filled < end; i++) {
    copy_run(gather->to + gather->filled, gather->tensor->data + gather->selection.at * size, bytes);
    gather->filled += bytes;
    if (!selection_next(&gather->selection)) return GATHER_IS_DONE;
  }
  return GATHER_GOES_ON;
}

/** The string that is being read, or as much of it as may be read now, with its NUL. */
static size_t piece(const struct gather *gather, size_t most, bool *ends) {
  const char *from = gather->tensor->data + gather->read;
  const char *nul = memchr(from, 0, most);
  *ends = nul != NULL;
  return *ends ? (size_t)(nul - from) + 1 : most;
}

static enum gather_verdict gather_strings(struct gather *gather) {
  struct selection *selection = &gather->selection;
  const size_t rest = gather->tensor->bytes - gather->read;
  size_t budget = rest < bytes_read_of_a_step ? rest : bytes_read_of_a_step;
  while (budget > 0) {
    bool ends;
    const size_t bytes = piece(gather, budget, &ends);
    if (gather->element >= selection->at) {
      if (bytes > gather->capacity - gather->filled) return GATHER_IS_FULL;
      memcpy(gather->to + gather->filled, gather->tensor->data + gather->read, bytes);
      gather->filled += bytes;
    }
    gather->read += bytes;
    budget -= bytes;
    if (!ends) continue;
    gather->element++;
    if (gather->element == selection->at + selection->run && !selection_next(selection))
      return GATHER_IS_DONE;
  }
  return GATHER_GOES_ON;
}

enum gather_verdict gather_step(struct gather *gather) {
  return gather->tensor->type == TYPE_STRING ? gather_strings(gather) : gather_numbers(gather);
}
