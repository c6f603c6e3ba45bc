// The ten types of a tensor's elements.
#ifndef ENGINE_DATA_TYPE_H
#define ENGINE_DATA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/** The numbers are written into RDB files: never change them. */
enum data_type {
  TYPE_FLOAT = 1,
  TYPE_DOUBLE = 2,
  TYPE_INT8 = 3,
  TYPE_INT16 = 4,
  TYPE_INT32 = 5,
  TYPE_INT64 = 6,
  TYPE_UINT8 = 7,
  TYPE_UINT16 = 8,
  TYPE_BOOL = 9,
  TYPE_STRING = 10,
};

/** Type of this name in any case. Returns whether there is one. */
bool data_type_of_name(const char *name, size_t length, enum data_type *type);

/** Type of this number in an RDB file. Returns whether there is one. */
bool data_type_of_number(unsigned long long number, enum data_type *type);

const char *data_type_name(enum data_type type);

/** Bytes of an element; of a string, the least that it takes: its closing NUL. */
size_t data_type_size(enum data_type type);

bool data_type_is_float(enum data_type type);

#endif
