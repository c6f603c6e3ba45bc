// Words of commands.
#ifndef ENGINE_WORD_H
#define ENGINE_WORD_H

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "module_api.h"

/** Whether the argument is this word, in any case. Inline, so that the word is compared by one instruction where
 * it is written like here, as most clients do. */
static inline bool is_word(const RedisModuleString *argument, const char *word) {
  // By length: an argument may hold a NUL.
  size_t length;
  const char *text = api.StringPtrLen(argument, &length);
  if (length != strlen(word)) return false;
  return memcmp(text, word, length) == 0 || strncasecmp(text, word, length) == 0;
}

#endif
