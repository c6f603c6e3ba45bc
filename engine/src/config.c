#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "commands.h"
#include "word.h"

/** What a path may have; PATH_MAX of Linux. */
enum { LONGEST_PATH = 4096 };

static struct {
  const char *name;
  const char *name_in_info;
  long long least;
  long long value;
} numbers[LOAD_TIME_NUMBERS] = {
    [THREADS_PER_QUEUE] = {"THREADS_PER_QUEUE", "threads_per_queue", 1, 1},
    [INTRA_OP_PARALLELISM] = {"INTRA_OP_PARALLELISM", "intra_op_parallelism", 1, 0},
    [INTER_OP_PARALLELISM] = {"INTER_OP_PARALLELISM", "inter_op_parallelism", 1, 0},
    [MODEL_EXECUTION_TIMEOUT] = {"MODEL_EXECUTION_TIMEOUT", "model_execution_timeout", 1000, 5000},
    [BACKEND_MEMORY_LIMIT] = {"BACKEND_MEMORY_LIMIT", "backend_memory_limit", 1, 0},
};

static const char *const backends[] = {"TF", "TFLITE", "TORCH", "ONNX"};

/** RedisAI's: 511 MiB. */
static long long model_chunk_size = 535822336;

static char backends_path[LONGEST_PATH];

const char *load_time_number_name(enum load_time_number number) { return numbers[number].name_in_info; }

long long load_time_number(enum load_time_number number) { return numbers[number].value; }

static bool is_backend(const RedisModuleString *argument) {
  for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
    if (is_word(argument, backends[i])) return true;
  return false;
}

static bool set_number(const RedisModuleString *argument, long long least, long long *number) {
  long long value;
  if (api.StringToLongLong(argument, &value) != MODULE_OK || value < least) return false;
  *number = value;
  return true;
}

static bool set_backends_path(const RedisModuleString *argument) {
  size_t length;
  const char *path = api.StringPtrLen(argument, &length);
  if (length >= LONGEST_PATH || memchr(path, 0, length) != NULL) return false;
  memcpy(backends_path, path, length);
  backends_path[length] = 0;
  return true;
}

static bool read_pair(const RedisModuleString *name, const RedisModuleString *value) {
  // Models run in workers, which know their frameworks: RedisAI's libraries are not for us.
  if (is_backend(name)) return true;
  if (is_word(name, "BACKENDSPATH")) return set_backends_path(value);
  if (is_word(name, "MODEL_CHUNK_SIZE")) return set_number(value, 1, &model_chunk_size);
  for (int i = 0; i < LOAD_TIME_NUMBERS; i++)
    if (is_word(name, numbers[i].name)) return set_number(value, numbers[i].least, &numbers[i].value);
  return false;
}

int read_load_arguments(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc % 2 != 0) {
    api.Log(ctx, "warning",
            "Even number of arguments provided to module. Please provide arguments as KEY VAL pairs.");
    return MODULE_ERR;
  }
  for (int i = 0; i < argc; i += 2) {
    if (read_pair(argv[i], argv[i + 1])) continue;
    api.Log(ctx, "warning", "ERR error processing argument: %s %s", api.StringPtrLen(argv[i], NULL),
            api.StringPtrLen(argv[i + 1], NULL));
    return MODULE_ERR;
  }
  return MODULE_OK;
}

static int get(RedisModuleCtx *ctx, const RedisModuleString *name) {
  if (is_word(name, "BACKENDSPATH")) return api.ReplyWithCString(ctx, backends_path);
  if (is_word(name, "MODEL_CHUNK_SIZE")) return api.ReplyWithLongLong(ctx, model_chunk_size);
  return api.ReplyWithNull(ctx);
}

static int load_backend(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc < 4) return api.WrongArity(ctx);
  return api.ReplyWithError(ctx,
                            is_backend(argv[2]) ? "ERR error loading backend" : "ERR unsupported backend");
}

// AI.CONFIG LOADBACKEND backend path | BACKENDSPATH path | MODEL_CHUNK_SIZE bytes | GET name
int config_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc < 2) return api.WrongArity(ctx);
  if (is_word(argv[1], "LOADBACKEND")) return load_backend(ctx, argv, argc);
  if (is_word(argv[1], "GET"))
    return argc > 2 ? get(ctx, argv[2]) : api.ReplyWithError(ctx, "ERR GET: missing config name");
  if (is_word(argv[1], "BACKENDSPATH")) {
    if (argc < 3) return api.ReplyWithError(ctx, "ERR BACKENDSPATH: missing path argument");
    if (!set_backends_path(argv[2])) return api.ReplyWithError(ctx, "ERR BACKENDSPATH: invalid path");
    return api.ReplyWithSimpleString(ctx, "OK");
  }
  if (is_word(argv[1], "MODEL_CHUNK_SIZE")) {
    if (argc < 3) return api.ReplyWithError(ctx, "ERR MODEL_CHUNK_SIZE: missing chunk size");
    if (!set_number(argv[2], 1, &model_chunk_size))
      return api.ReplyWithError(ctx, "ERR MODEL_CHUNK_SIZE: invalid chunk size");
    return api.ReplyWithSimpleString(ctx, "OK");
  }
  return api.ReplyWithError(ctx, "ERR unsupported subcommand");
}
