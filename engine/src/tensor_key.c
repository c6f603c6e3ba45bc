#include "tensor_key.h"

static const char wrong_type[] = "WRONGTYPE Operation against a key holding the wrong kind of value";

RedisModuleType *tensor_key_type;

struct tensor *tensor_key_read(RedisModuleCtx *ctx, RedisModuleString *name) {
  RedisModuleKey *key = api.OpenKey(ctx, name, KEY_READ);
  if (key == NULL || api.KeyType(key) == KEY_TYPE_EMPTY) {
    api.CloseKey(key);
    api.ReplyWithError(ctx, "ERR tensor key is empty or in a different shard");
    return NULL;
  }
  const bool is_tensor = api.ModuleTypeGetType(key) == tensor_key_type;
  struct tensor *tensor = is_tensor ? tensor_retain(api.ModuleTypeGetValue(key)) : NULL;
  api.CloseKey(key);
  if (tensor == NULL) api.ReplyWithError(ctx, wrong_type);
  return tensor;
}

bool tensor_key_write(RedisModuleCtx *ctx, RedisModuleString *name, struct tensor *tensor) {
  RedisModuleKey *key = api.OpenKey(ctx, name, KEY_READ | KEY_WRITE);
  if (api.KeyType(key) != KEY_TYPE_EMPTY) {
    if (api.ModuleTypeGetType(key) != tensor_key_type) {
      api.CloseKey(key);
      tensor_release(tensor);
      api.ReplyWithError(ctx, wrong_type);
      return false;
    }
    const struct tensor *old = api.ModuleTypeGetValue(key);
    if (old->bytes >= TENSOR_IS_LARGE) api.UnlinkKey(key);
  }
  const bool written = api.ModuleTypeSetValue(key, tensor_key_type, tensor) == MODULE_OK;
  api.CloseKey(key);
  if (!written) {
    tensor_release(tensor);
    api.ReplyWithError(ctx, "ERR could not save tensor");
  }
  return written;
}
