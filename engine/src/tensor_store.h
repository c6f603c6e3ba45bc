// What the server does with tensors by itself: RDB, AOF, copies, memory, digest.
#ifndef ENGINE_TENSOR_STORE_H
#define ENGINE_TENSOR_STORE_H

#include "module_api.h"

/** Encoding of a tensor in RDB files. RedisAI's encodings are below it: 0 to 4, and 100 in its unreleased
 * head. */
enum { TENSOR_ENCODING = 512 };

/** Registers the type `AI_TENSOR`. Returns whether the server took it. */
int register_tensor_type(RedisModuleCtx *ctx);

#endif
