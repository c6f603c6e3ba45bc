#include "commands.h"
#include "gather.h"
#include "memory.h"
#include "ready_reply.h"
#include "tensor_key.h"
#include "tensor_reply.h"
#include "work.h"

/** What one reply may hold: the server copies that in a few milliseconds. */
static const size_t most_bytes = 8 * 1024 * 1024;
static const char too_much[] = "ERR this slice has more than 8388608 bytes: ask for less at a time";

/** Beyond these the client waits while others are served. */
static const uint64_t few_runs = 16 * 1024;
static const size_t few_bytes = 2 * 1024 * 1024;
static const size_t few_bytes_of_strings = 256 * 1024;

struct slice_work {
  struct work work;
  struct tensor *tensor;
  struct gather gather;
};

static void reply_with_slice(RedisModuleCtx *ctx, const struct tensor *tensor, const struct shape *shape,
                             const char *data, size_t bytes) {
  api.ReplyWithArray(ctx, 8);
  reply_with_type(ctx, tensor->type);
  reply_with_shape(ctx, shape->rank, shape->lengths);
  reply_with_word(ctx, WORD_BLOB);
  api.ReplyWithStringBuffer(ctx, data, bytes);
  reply_with_version(ctx, tensor);
}

static bool slice_step(struct work *work, RedisModuleCtx *ctx) {
  struct slice_work *slice = (struct slice_work *)work;
  struct gather *gather = &slice->gather;
  switch (gather_step(gather)) {
    case GATHER_GOES_ON:
      return true;
    case GATHER_IS_FULL:
      api.ReplyWithError(ctx, too_much);
      return false;
    case GATHER_IS_DONE:
      break;
  }
  reply_with_slice(ctx, slice->tensor, &gather->selection.shape, gather->to, gather->filled);
  return false;
}

static void slice_end(struct work *work) {
  struct slice_work *slice = (struct slice_work *)work;
  memory_give_back(slice->gather.to);
  tensor_release(slice->tensor);
  memory_give_back(slice);
}

static enum work_size size_of(const struct tensor *tensor, const struct selection *selection, size_t bytes) {
  const bool little = tensor->type == TYPE_STRING ? tensor->bytes <= few_bytes_of_strings
                                                  : selection->runs <= few_runs && bytes <= few_bytes;
  return little ? WORK_IS_LITTLE : WORK_IS_MUCH;
}

/** Replies with what is selected. */
static int reply_with_selection(RedisModuleCtx *ctx, const struct tensor *tensor,
                                const struct selection *selection) {
  const size_t size = data_type_size(tensor->type);
  // A tensor has that many, so this does not overflow.
  const size_t least_bytes = selection->shape.elements * size;
  if (least_bytes > most_bytes) return api.ReplyWithError(ctx, too_much);
  if (selection->runs == 1 && tensor->type != TYPE_STRING) {
    reply_with_slice(ctx, tensor, &selection->shape, tensor_data(tensor) + selection->at * size, least_bytes);
    return MODULE_OK;
  }
  const size_t most_of_strings = tensor->bytes < most_bytes ? tensor->bytes : most_bytes;
  const size_t capacity = tensor->type == TYPE_STRING ? most_of_strings : least_bytes;
  char *to = memory_try(capacity);
  if (to == NULL) return api.ReplyWithError(ctx, "OOM there is no memory for this slice");
  struct slice_work *slice = memory_take(sizeof(*slice));
  slice->work = (struct work){tensor, slice_step, slice_end};
  slice->tensor = tensor_retain(tensor);
  slice->gather = (struct gather){.tensor = tensor, .selection = *selection, .to = to, .capacity = capacity};
  return do_work(ctx, size_of(tensor, selection, least_bytes), &slice->work);
}

static bool parse_slices(RedisModuleString **argv, uint32_t rank, struct slice *slices) {
  for (uint32_t i = 0; i < rank; i++) {
    long long parts[3];
    for (uint32_t j = 0; j < 3; j++)
      if (api.StringToLongLong(argv[3 * i + j], &parts[j]) != MODULE_OK) return false;
    slices[i] = (struct slice){parts[0], parts[1], parts[2]};
  }
  return true;
}

// TENSOR.SLICE key [start stop step …], three for each dimension
int tensor_slice_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc < 2) return api.WrongArity(ctx);
  const struct tensor *tensor = tensor_key_read(ctx, argv[1]);
  if (tensor == NULL) return MODULE_OK;
  struct slice slices[MAX_RANK];
  struct selection selection;
  const char *fault = NULL;
  if ((uint64_t)argc - 2 != 3 * (uint64_t)tensor->rank)
    fault = "ERR a slice needs start, stop and step of each dimension of the tensor";
  else if (!parse_slices(argv + 2, tensor->rank, slices) ||
           !selection_of_slices(&selection, tensor->rank, tensor->lengths, slices))
    fault = "ERR invalid slice: of each dimension 0 <= start < stop <= length, and 1 <= step";
  if (fault == NULL) return reply_with_selection(ctx, tensor, &selection);
  return api.ReplyWithError(ctx, fault);
}

// TENSOR.RANGE key start count, in elements
int tensor_range_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc != 4) return api.WrongArity(ctx);
  const struct tensor *tensor = tensor_key_read(ctx, argv[1]);
  if (tensor == NULL) return MODULE_OK;
  long long start, count;
  struct selection selection;
  if (api.StringToLongLong(argv[2], &start) == MODULE_OK &&
      api.StringToLongLong(argv[3], &count) == MODULE_OK &&
      selection_of_range(&selection, tensor->elements, start, count))
    return reply_with_selection(ctx, tensor, &selection);
  return api.ReplyWithError(
      ctx, "ERR invalid range: 0 <= start, 1 <= count, and start + count <= elements of the tensor");
}

// TENSOR.VERSION key
int tensor_version_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc != 2) return api.WrongArity(ctx);
  const struct tensor *tensor = tensor_key_read(ctx, argv[1]);
  if (tensor == NULL) return MODULE_OK;
  api.ReplyWithLongLong(ctx, (long long)tensor->version);
  return MODULE_OK;
}
