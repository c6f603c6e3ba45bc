// The commands; their files say how each is called.
#ifndef ENGINE_COMMANDS_H
#define ENGINE_COMMANDS_H

#include "module_api.h"

int tensor_set_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int tensor_get_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int tensor_slice_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int tensor_range_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int tensor_statistics_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int tensor_version_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int config_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);
int info_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);

#endif
