#include "data_type.h"

#include <string.h>
#include <strings.h>

static const struct {
  const char *name;
  size_t size;
} types[] = {
    [TYPE_FLOAT] = {"FLOAT", 4},   [TYPE_DOUBLE] = {"DOUBLE", 8}, [TYPE_INT8] = {"INT8", 1},
    [TYPE_INT16] = {"INT16", 2},   [TYPE_INT32] = {"INT32", 4},   [TYPE_INT64] = {"INT64", 8},
    [TYPE_UINT8] = {"UINT8", 1},   [TYPE_UINT16] = {"UINT16", 2}, [TYPE_BOOL] = {"BOOL", 1},
    [TYPE_STRING] = {"STRING", 1},
};

bool data_type_of_name(const char *name, size_t length, enum data_type *type) {
  for (int number = TYPE_FLOAT; number <= TYPE_STRING; number++) {
    const char *known = types[number].name;
    if (strlen(known) == length && strncasecmp(known, name, length) == 0) {
      *type = (enum data_type)number;
      return true;
    }
  }
  return false;
}

bool data_type_of_number(unsigned long long number, enum data_type *type) {
  if (number < TYPE_FLOAT || number > TYPE_STRING) return false;
  *type = (enum data_type)number;
  return true;
}

const char *data_type_name(enum data_type type) { return types[type].name; }

size_t data_type_size(enum data_type type) { return types[type].size; }

bool data_type_is_float(enum data_type type) { return type == TYPE_FLOAT || type == TYPE_DOUBLE; }
