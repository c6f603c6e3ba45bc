#include "tensor_check.h"

#include <stdbool.h>

#include "shape.h"

enum { BLOCK = 64 };

/** Whether all bytes are 0 or 1; block by block, so that the compiler takes many at once. */
static bool all_booleans(const unsigned char *data, size_t bytes) {
  size_t at = 0;
  for (; at + BLOCK <= bytes; at += BLOCK) {
    unsigned char all = 0;
    for (size_t i = 0; i < BLOCK; i++) all |= data[at + i];
    if (all > 1) return false;
  }
  unsigned char all = 0;
  for (; at < bytes; at++) all |= data[at];
  return all <= 1;
}

static uint64_t count_of_nuls(const unsigned char *data, size_t bytes) {
  uint64_t count = 0;
  size_t at = 0;
  for (; at + BLOCK <= bytes; at += BLOCK) {
    unsigned char of_block = 0;
    for (size_t i = 0; i < BLOCK; i++) of_block = (unsigned char)(of_block + (data[at + i] == 0));
    count += of_block;
  }
  for (; at < bytes; at++) count += data[at] == 0;
  return count;
}

const char *blob_fault(enum data_type type, uint64_t elements, const char *data, size_t bytes) {
  const unsigned char *raw = (const unsigned char *)data;
  if (type == TYPE_STRING) {
    const bool ended = bytes > 0 && raw[bytes - 1] == 0;
    return ended && count_of_nuls(raw, bytes) == elements
               ? NULL
               : "ERR Number of string elements in data blob does not match tensor length";
  }
  uint64_t expected;
  if (!shape_bytes(elements, data_type_size(type), &expected) || bytes != expected)
    return "ERR data length does not match tensor shape and type";
  if (type == TYPE_BOOL && !all_booleans(raw, bytes)) return "ERR BOOL tensor elements must be 0 or 1";
  return NULL;
}
