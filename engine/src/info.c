#include "info.h"

#include "commands.h"
#include "config.h"
#include "tensor.h"
#include "tensor_store.h"
#include "work.h"

/** The server puts `ai_` before the names of sections and fields. */
static void tell(RedisModuleInfoCtx *info, int for_crash_report) {
  (void)for_crash_report;
  api.InfoAddSection(info, "versions");
  api.InfoAddFieldCString(info, "RedisAI_version", "1.2.7");
  api.InfoAddFieldCString(info, "engine_version", ENGINE_VERSION);
  api.InfoAddFieldLongLong(info, "rdb_version", TENSOR_ENCODING);
  api.InfoAddSection(info, "load_time_configs");
  for (int i = 0; i < LOAD_TIME_NUMBERS; i++)
    api.InfoAddFieldLongLong(info, load_time_number_name((enum load_time_number)i),
                             load_time_number((enum load_time_number)i));
  api.InfoAddSection(info, "engine");
  api.InfoAddFieldLongLong(info, "tensors_in_memory", (long long)tensors_in_memory());
  api.InfoAddFieldLongLong(info, "clients_waiting_for_work", (long long)waiting_work());
  api.InfoAddFieldLongLong(info, "turns_of_work", (long long)turns_of_work());
}

int register_info(RedisModuleCtx *ctx) { return api.RegisterInfoFunc(ctx, tell); }

// AI.INFO key [RESETSTAT]: statistics of a model or script, of which there are none yet.
int info_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  (void)argv;
  if (argc != 2 && argc != 3) return api.WrongArity(ctx);
  return api.ReplyWithError(ctx, "ERR cannot find run info for key");
}
