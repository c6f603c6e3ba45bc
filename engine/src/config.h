// RedisAI's settings: from the arguments of `loadmodule`, read and changed by AI.CONFIG.
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#include "module_api.h"

/** Numbers that are set when the module is loaded. */
enum load_time_number {
  THREADS_PER_QUEUE,
  INTRA_OP_PARALLELISM,
  INTER_OP_PARALLELISM,
  MODEL_EXECUTION_TIMEOUT,
  BACKEND_MEMORY_LIMIT,
  LOAD_TIME_NUMBERS,
};

/** Name of a number as INFO has it: in small letters. */
const char *load_time_number_name(enum load_time_number number);

long long load_time_number(enum load_time_number number);

/** Takes RedisAI's pairs of names and values; refuses any other, in the server's log. */
int read_load_arguments(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);

#endif
