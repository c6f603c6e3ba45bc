// Keys that hold tensors.
#ifndef ENGINE_TENSOR_KEY_H
#define ENGINE_TENSOR_KEY_H

#include <stdbool.h>

#include "tensor.h"

/** The server's type of such keys; set when the module is loaded. */
extern RedisModuleType *tensor_key_type;

/** The tensor of a key, for as long as the command runs: who needs it longer retains it. Or NULL, and the
 * client has been told why. */
const struct tensor *tensor_key_read(RedisModuleCtx *ctx, RedisModuleString *name);

/** Makes the tensor the key's value; its reference is taken over. Returns whether it is; if not, the client
 * has been told why. */
bool tensor_key_write(RedisModuleCtx *ctx, RedisModuleString *name, struct tensor *tensor);

#endif
