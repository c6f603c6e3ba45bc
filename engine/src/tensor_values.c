#include "tensor_values.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static const char invalid_value[] = "ERR invalid value";
static const char no_memory[] = "OOM there is no memory for this tensor";

/** Least and largest integer of a type. */
static void bounds_of(enum data_type type, long long *least, long long *most) {
  const unsigned bits = 8 * (unsigned)data_type_size(type);
  switch (type) {
    case TYPE_BOOL:
      *least = 0;
      *most = 1;
      return;
    case TYPE_UINT8:
    case TYPE_UINT16:
      *least = 0;
      *most = (1LL << bits) - 1;
      return;
    default:
      *most = bits == 64 ? INT64_MAX : (1LL << (bits - 1)) - 1;
      *least = -*most - 1;
  }
}

/** Writes the low bytes of the integer. */
static void put_integer(char *to, size_t size, long long value) {
  // Through the type of the size: the order of bytes is then that of this machine.
  const int8_t one = (int8_t)value;
  const int16_t two = (int16_t)value;
  const int32_t four = (int32_t)value;
  const void *from = size == 1   ? (const void *)&one
                     : size == 2 ? (const void *)&two
                     : size == 4 ? (const void *)&four
                                 : &value;
  memcpy(to, from, size);
}

static bool parse_integers(enum data_type type, RedisModuleString **values, uint64_t count, char *data) {
  const size_t size = data_type_size(type);
  long long least, most;
  bounds_of(type, &least, &most);
  for (uint64_t i = 0; i < count; i++) {
    long long value;
    if (api.StringToLongLong(values[i], &value) != MODULE_OK || value < least || value > most) return false;
    put_integer(data + i * size, size, value);
  }
  return true;
}

static bool parse_floats(enum data_type type, RedisModuleString **values, uint64_t count, char *data) {
  const size_t size = data_type_size(type);
  for (uint64_t i = 0; i < count; i++) {
    double value;
    if (api.StringToDouble(values[i], &value) != MODULE_OK) return false;
    const float narrow = (float)value;
    memcpy(data + i * size, type == TYPE_FLOAT ? (const void *)&narrow : &value, size);
  }
  return true;
}

static const char *tensor_of_strings(const struct shape *shape, RedisModuleString **values,
                                     struct tensor **tensor) {
  size_t bytes = 0;
  for (uint64_t i = 0; i < shape->elements; i++) {
    size_t length;
    const char *text = api.StringPtrLen(values[i], &length);
    if (memchr(text, 0, length) != NULL) return "ERR C-string value contains null character";
    bytes += length + 1;
  }
  char *data = memory_try(bytes);
  if (data == NULL) return no_memory;
  char *to = data;
  for (uint64_t i = 0; i < shape->elements; i++) {
    size_t length;
    const char *text = api.StringPtrLen(values[i], &length);
    memcpy(to, text, length);
    to[length] = 0;
    to += length + 1;
  }
  *tensor = tensor_of_block(TYPE_STRING, shape, data, bytes);
  return NULL;
}

const char *tensor_of_values(enum data_type type, const struct shape *shape, RedisModuleString **values,
                             struct tensor **tensor) {
  if (type == TYPE_STRING) return tensor_of_strings(shape, values, tensor);
  // There is an argument for each element, so this does not overflow.
  const size_t bytes = shape->elements * data_type_size(type);
  char *data = memory_try(bytes);
  if (data == NULL) return no_memory;
  const bool parsed = data_type_is_float(type) ? parse_floats(type, values, shape->elements, data)
                                               : parse_integers(type, values, shape->elements, data);
  if (!parsed) {
    memory_give_back(data);
    return invalid_value;
  }
  *tensor = tensor_of_block(type, shape, data, bytes);
  return NULL;
}

/** What the server takes in one argument of a client: what servers usually take if it does not tell. */
static unsigned long long longest_argument(RedisModuleCtx *ctx) {
  const unsigned long long usual = 512 * 1024 * 1024;
  RedisModuleCallReply *reply = api.Call(ctx, "CONFIG", "cc", "GET", "proto-max-bulk-len");
  if (reply == NULL) return usual;
  RedisModuleCallReply *value = api.CallReplyArrayElement(reply, 1);
  size_t length = 0;
  const char *text = value == NULL ? NULL : api.CallReplyStringPtr(value, &length);
  char digits[32] = "";
  if (text != NULL && length < sizeof(digits)) memcpy(digits, text, length);
  api.FreeCallReply(reply);
  const unsigned long long told = strtoull(digits, NULL, 10);
  return told > 0 ? told : usual;
}

/** A few words of a client must not ask for more than it could have sent. Whatever a master or an AOF brings
 * was taken before. */
static bool may_have(RedisModuleCtx *ctx, uint64_t bytes) {
  const uint64_t always_allowed = 1024 * 1024;
  return bytes <= always_allowed || (api.GetContextFlags(ctx) & (CONTEXT_REPLICATED | CONTEXT_LOADING)) ||
         bytes <= longest_argument(ctx);
}

const char *tensor_of_zeros(RedisModuleCtx *ctx, enum data_type type, const struct shape *shape,
                            struct tensor **tensor) {
  uint64_t bytes;
  if (!shape_bytes(shape->elements, data_type_size(type), &bytes) || !may_have(ctx, bytes))
    return "ERR the tensor is larger than the server's proto-max-bulk-len";
  void *data = memory_try_zeros(bytes);
  if (data == NULL) return no_memory;
  *tensor = tensor_of_block(type, shape, data, bytes);
  return NULL;
}
