#include "word.h"

#include <string.h>
#include <strings.h>

bool is_word(const RedisModuleString *argument, const char *word) {
  // By length: an argument may hold a NUL.
  size_t length;
  const char *text = api.StringPtrLen(argument, &length);
  return length == strlen(word) && strncasecmp(text, word, length) == 0;
}
