// Words of commands.
#ifndef ENGINE_WORD_H
#define ENGINE_WORD_H

#include <stdbool.h>

#include "module_api.h"

/** Whether the argument is this word, in any case. */
bool is_word(const RedisModuleString *argument, const char *word);

#endif
