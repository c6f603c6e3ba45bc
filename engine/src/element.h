// Single elements of tensors, which may lie at any address: a client's bytes are not aligned.
#ifndef ENGINE_ELEMENT_H
#define ENGINE_ELEMENT_H

#include <stdint.h>
#include <string.h>

#include "data_type.h"

static inline int64_t element_as_integer(enum data_type type, const char *element) {
  switch (type) {
    case TYPE_INT8: {
      int8_t value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
    case TYPE_INT16: {
      int16_t value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
    case TYPE_INT32: {
      int32_t value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
    case TYPE_INT64: {
      int64_t value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
    case TYPE_UINT16: {
      uint16_t value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
    default: {
      uint8_t value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
  }
}

static inline double element_as_double(enum data_type type, const char *element) {
  switch (type) {
    case TYPE_FLOAT: {
      float value;
      memcpy(&value, element, sizeof(value));
      return (double)value;
    }
    case TYPE_DOUBLE: {
      double value;
      memcpy(&value, element, sizeof(value));
      return value;
    }
    default:
      return (double)element_as_integer(type, element);
  }
}

#endif
