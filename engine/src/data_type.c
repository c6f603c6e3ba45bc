#include "data_type.h"

#include <strings.h>

#define NAMED(name) name, sizeof(name) - 1

static const struct {
  const char *name;
  size_t name_length;
  size_t size;
} types[] = {
    [TYPE_FLOAT] = {NAMED("FLOAT"), 4}, [TYPE_DOUBLE] = {NAMED("DOUBLE"), 8},
    [TYPE_INT8] = {NAMED("INT8"), 1},   [TYPE_INT16] = {NAMED("INT16"), 2},
    [TYPE_INT32] = {NAMED("INT32"), 4}, [TYPE_INT64] = {NAMED("INT64"), 8},
    [TYPE_UINT8] = {NAMED("UINT8"), 1}, [TYPE_UINT16] = {NAMED("UINT16"), 2},
    [TYPE_BOOL] = {NAMED("BOOL"), 1},   [TYPE_STRING] = {NAMED("STRING"), 1},
};

/** Without a call for most of those that differ: this is asked for every tensor that is set. */
static bool is_name_of(int number, const char *name, size_t length) {
  const char *known = types[number].name;
  const int small = 0x20;
  return types[number].name_length == length && (known[0] | small) == (name[0] | small) &&
         strncasecmp(known, name, length) == 0;
}

bool data_type_of_name(const char *name, size_t length, enum data_type *type) {
  for (int number = TYPE_FLOAT; number <= TYPE_STRING; number++) {
    if (is_name_of(number, name, length)) {
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
