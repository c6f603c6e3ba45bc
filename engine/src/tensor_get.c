#include <string.h>

#include "commands.h"
#include "memory.h"
#include "ready_reply.h"
#include "tensor_key.h"
#include "tensor_reply.h"
#include "word.h"
#include "work.h"

enum { META = 1, BLOB = 2, VALUES = 4 };

/** Reads what is asked for. Returns what is wrong, or NULL. */
static const char *parse_format(RedisModuleString **argv, int argc, int *format) {
  *format = argc == 0 ? META | BLOB : 0;
  for (int i = 0; i < argc; i++) {
    if (is_word(argv[i], "META"))
      *format |= META;
    else if (is_word(argv[i], "BLOB"))
      *format |= BLOB;
    else if (is_word(argv[i], "VALUES"))
      *format |= VALUES;
    else
      return "ERR unsupported data format";
  }
  return (*format & BLOB) && (*format & VALUES) ? "ERR both BLOB and VALUES specified" : NULL;
}

/** Replies with what stands before the word that announces the data, if there are any. */
static void reply_with_meta(RedisModuleCtx *ctx, const struct tensor *tensor, bool with_data) {
  api.ReplyWithArray(ctx, with_data ? 6 : 4);
  reply_with_type(ctx, tensor->type);
  reply_with_shape(ctx, tensor->rank, tensor->lengths);
}

/** Replies with the values one by one: some hundred nanoseconds each. */
struct values_work {
  struct work work;
  struct tensor *tensor;
  bool with_meta;
  uint64_t done;
  /** Where the next element lies. */
  const char *at;
};

static const uint64_t values_of_a_step = 512;
/** Ends a step early at long strings. */
static const ptrdiff_t bytes_of_a_step = 256 * 1024;
/** Up to this many are replied with at once. */
static const uint64_t few_values = 8 * 1024;
static const size_t few_bytes = 4 * 1024 * 1024;

static void reply_with_next(RedisModuleCtx *ctx, struct values_work *values) {
  const enum data_type type = values->tensor->type;
  if (type == TYPE_STRING) {
    const size_t length = strlen(values->at);
    api.ReplyWithStringBuffer(ctx, values->at, length);
    values->at += length + 1;
  } else {
    reply_with_number(ctx, type, values->at);
    values->at += data_type_size(type);
  }
}

static bool values_step(struct work *work, RedisModuleCtx *ctx) {
  struct values_work *values = (struct values_work *)work;
  const struct tensor *tensor = values->tensor;
  if (values->done == 0) {
    if (values->with_meta) {
      reply_with_meta(ctx, tensor, true);
      api.ReplyWithCString(ctx, "values");
    }
    api.ReplyWithArray(ctx, (long)tensor->elements);
  }
  const char *begin = values->at;
  for (uint64_t i = 0; i < values_of_a_step && values->at - begin < bytes_of_a_step; i++) {
    reply_with_next(ctx, values);
    if (++values->done == tensor->elements) return false;
  }
  return true;
}

static void values_end(struct work *work) {
  struct values_work *values = (struct values_work *)work;
  tensor_release(values->tensor);
  memory_give_back(values);
}

static int reply_with_values(RedisModuleCtx *ctx, const struct tensor *tensor, bool with_meta) {
  const bool few = tensor->elements <= few_values && tensor->bytes <= few_bytes;
  struct values_work *values = memory_take(sizeof(*values));
  *values = (struct values_work){.work = {tensor, values_step, values_end},
                                 .tensor = tensor_retain(tensor),
                                 .with_meta = with_meta,
                                 .at = tensor_data(tensor)};
  return do_work(ctx, few ? WORK_IS_LITTLE : WORK_REPLIES_ALL_ALONG, &values->work);
}

static int reply_with_blob(RedisModuleCtx *ctx, const struct tensor *tensor, int format) {
  if (format & META) reply_with_meta(ctx, tensor, format & BLOB);
  if ((format & META) && (format & BLOB)) reply_with_word(ctx, WORD_BLOB);
  if (format & BLOB) api.ReplyWithStringBuffer(ctx, tensor_data(tensor), tensor->bytes);
  return MODULE_OK;
}

// AI.TENSORGET key [META] [BLOB | VALUES]
int tensor_get_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc < 2 || argc > 4) return api.WrongArity(ctx);
  int format;
  const char *fault = parse_format(argv + 2, argc - 2, &format);
  if (fault != NULL) return api.ReplyWithError(ctx, fault);
  const struct tensor *tensor = tensor_key_read(ctx, argv[1]);
  if (tensor == NULL) return MODULE_OK;
  if (format & VALUES) return reply_with_values(ctx, tensor, format & META);
  return reply_with_blob(ctx, tensor, format);
}
