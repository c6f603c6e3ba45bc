#include "tensor_reply.h"

#include "element.h"
#include "ready_reply.h"

void reply_with_shape(RedisModuleCtx *ctx, uint32_t rank, const int64_t *lengths) {
  reply_with_word(ctx, WORD_SHAPE);
  api.ReplyWithArray(ctx, (long)rank);
  for (uint32_t i = 0; i < rank; i++) api.ReplyWithLongLong(ctx, lengths[i]);
}

void reply_with_type(RedisModuleCtx *ctx, enum data_type type) {
  reply_with_word(ctx, WORD_DTYPE);
  reply_with_type_name(ctx, type);
}

void reply_with_version(RedisModuleCtx *ctx, const struct tensor *tensor) {
  api.ReplyWithCString(ctx, "version");
  api.ReplyWithLongLong(ctx, (long long)tensor->version);
}

void reply_with_number(RedisModuleCtx *ctx, enum data_type type, const char *element) {
  if (data_type_is_float(type))
    api.ReplyWithDouble(ctx, element_as_double(type, element));
  else
    api.ReplyWithLongLong(ctx, element_as_integer(type, element));
}
