#include "module_api.h"

struct module_api api;

const char *find_module_api(RedisModuleCtx *ctx, const char *module_name, int module_version) {
  const char *missing = NULL;
#define FIND_REQUIRED(name, ...)                                                                             \
  if (ctx->get_api("RedisModule_" #name, &api.name) != MODULE_OK && missing == NULL)                         \
    missing = "RedisModule_" #name;
#define FIND_OPTIONAL(name, ...)                                                                             \
  if (ctx->get_api("RedisModule_" #name, &api.name) != MODULE_OK) api.name = NULL;
  REQUIRED_FUNCTIONS(FIND_REQUIRED)
  OPTIONAL_FUNCTIONS(FIND_OPTIONAL)
#undef FIND_REQUIRED
#undef FIND_OPTIONAL
  if (api.SetModuleAttribs != NULL)
    api.SetModuleAttribs(ctx, module_name, module_version, MODULE_API_VERSION);
  return missing;
}
