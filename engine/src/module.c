// Where the server begins: what it needs of us, it finds by this one name.
#include <stdbool.h>

#include "commands.h"
#include "config.h"
#include "info.h"
#include "module_api.h"
#include "ready_reply.h"
#include "tensor.h"
#include "tensor_store.h"

/** What SmartSim and SmartRedis look for: RedisAI 1.2.7, whose commands these are. */
static const char module_name[] = "ai";
static const int module_version = 10207;

static const struct {
  const char *name;
  CommandFunction function;
  const char *flags;
  /** First and last argument that are keys. */
  int first, last;
} commands[] = {
    {"ai.tensorset", tensor_set_command, "write deny-oom", 1, 1},
    {"ai.tensorget", tensor_get_command, "readonly", 1, 1},
    {"ai.info", info_command, "readonly", 1, 1},
    {"ai.config", config_command, "write", 0, 0},
    {"tensor.slice", tensor_slice_command, "readonly", 1, 1},
    {"tensor.range", tensor_range_command, "readonly", 1, 1},
    {"tensor.statistics", tensor_statistics_command, "readonly", 1, 1},
    {"tensor.version", tensor_version_command, "readonly fast", 1, 1},
};

static int register_commands(RedisModuleCtx *ctx) {
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
    const int step = commands[i].first > 0 ? 1 : 0;
    if (api.CreateCommand(ctx, commands[i].name, commands[i].function, commands[i].flags, commands[i].first,
                          commands[i].last, step) != MODULE_OK) {
      api.Log(ctx, "warning", "The server has a command %s already: another module serves tensors here.",
              commands[i].name);
      return MODULE_ERR;
    }
  }
  return MODULE_OK;
}

#pragma GCC visibility push(default)
int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
#pragma GCC visibility pop

/** Whether the server has what we need; if not, its log says so. */
static bool suits(RedisModuleCtx *ctx) {
  static const char advice[] =
      "This server is too old for the engine, which needs Redis 6.2 or newer, Valkey, "
      "or KeyDB 6.2 or newer";
  const int oldest = 0x060200;
  const char *missing = find_module_api(ctx, module_name, module_version);
  // As early as this even the log may be missing.
  if (missing != NULL && api.Log != NULL) api.Log(ctx, "warning", "%s: it lacks %s.", advice, missing);
  if (missing != NULL) return false;
  const int version = api.GetServerVersion();
  if (version >= oldest) return true;
  api.Log(ctx, "warning", "%s: it is %d.%d.%d.", advice, version >> 16, version >> 8 & 255, version & 255);
  return false;
}

int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (!suits(ctx)) return MODULE_ERR;
  // Loaded twice, the library has its variables only once: those of the first time must stay as they are.
  if (api.IsModuleNameBusy(module_name)) {
    api.Log(ctx, "warning", "The server has a module %s already: RedisAI or an engine is loaded.",
            module_name);
    return MODULE_ERR;
  }
  api.SetModuleOptions(ctx, OPTION_HANDLE_IO_ERRORS);
  tensor_begin();
  if (read_load_arguments(ctx, argv, argc) != MODULE_OK) return MODULE_ERR;
  if (!register_tensor_type(ctx)) {
    api.Log(ctx, "warning", "The server has a type AI_TENSOR already: another module keeps tensors here.");
    return MODULE_ERR;
  }
  if (register_commands(ctx) != MODULE_OK) return MODULE_ERR;
  get_replies_ready(ctx);
  return register_info(ctx);
}
