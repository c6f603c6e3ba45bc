// Values of tensors as arguments of commands.
#ifndef ENGINE_TENSOR_VALUES_H
#define ENGINE_TENSOR_VALUES_H

#include "tensor.h"

/** A tensor of one argument for each element. Returns what is wrong, or NULL and the tensor with one
 * reference. */
const char *tensor_of_values(enum data_type type, const struct shape *shape, RedisModuleString **values,
                             struct tensor **tensor);

/** A tensor of zeros (of empty strings). Returns what is wrong, or NULL and the tensor with one reference. */
const char *tensor_of_zeros(RedisModuleCtx *ctx, enum data_type type, const struct shape *shape,
                            struct tensor **tensor);

#endif
