// The sections of INFO that tell of the engine.
#ifndef ENGINE_INFO_H
#define ENGINE_INFO_H

#include "module_api.h"

int register_info(RedisModuleCtx *ctx);

#endif
