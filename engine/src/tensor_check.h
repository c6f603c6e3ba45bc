// Whether bytes can be the data of a tensor.
#ifndef ENGINE_TENSOR_CHECK_H
#define ENGINE_TENSOR_CHECK_H

#include "data_type.h"

#include <stdint.h>

/** What is wrong with these bytes as that many elements, in RedisAI's words; or NULL. */
const char *blob_fault(enum data_type type, uint64_t elements, const char *data, size_t bytes);

#endif
