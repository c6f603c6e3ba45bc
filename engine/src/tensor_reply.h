// Tensors as replies.
#ifndef ENGINE_TENSOR_REPLY_H
#define ENGINE_TENSOR_REPLY_H

#include "tensor.h"

/** Replies with a pair: the word `shape` and the lengths. */
void reply_with_shape(RedisModuleCtx *ctx, uint32_t rank, const int64_t *lengths);

/** Replies with a pair: the word `dtype` and the type's name. */
void reply_with_type(RedisModuleCtx *ctx, enum data_type type);

/** Replies with a pair: the word `version` and the tensor's. */
void reply_with_version(RedisModuleCtx *ctx, const struct tensor *tensor);

/** Replies with an element that is a number, and lies anywhere in memory. */
void reply_with_number(RedisModuleCtx *ctx, enum data_type type, const char *element);

#endif
