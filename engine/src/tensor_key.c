#include "tensor_key.h"

static const char wrong_type[] = "WRONGTYPE Operation against a key holding the wrong kind of value";

RedisModuleType *tensor_key_type;

const struct tensor *tensor_key_read(RedisModuleCtx *ctx, RedisModuleString *name) {
  RedisModuleKey *key = api.OpenKey(ctx, name, KEY_READ);
  if (key == NULL) {
    api.ReplyWithError(ctx, "ERR tensor key is empty or in a different shard");
    return NULL;
  }
  const bool is_tensor = api.ModuleTypeGetType(key) == tensor_key_type;
  const struct tensor *tensor = is_tensor ? api.ModuleTypeGetValue(key) : NULL;
  api.CloseKey(key);
  if (tensor == NULL) api.ReplyWithError(ctx, wrong_type);
  return tensor;
}

/** Puts the tensor into a key that holds none. */
static bool put(RedisModuleKey *key, struct tensor *tensor) {
  return api.ModuleTypeSetValue(key, tensor_key_type, tensor) == MODULE_OK;
}

/** Puts the tensor where another one is, which is dropped, and the time to live of the key with it. */
static bool replace(RedisModuleKey *key, struct tensor *tensor) {
  const struct tensor *present = api.ModuleTypeGetValue(key);
  if (present->bytes >= TENSOR_IS_LARGE) {
    api.UnlinkKey(key);
    return put(key, tensor);
  }
  // Within the key, which need not be looked up again.
  void *old = NULL;
  if (api.ModuleTypeReplaceValue(key, tensor_key_type, tensor, &old) != MODULE_OK) return false;
  tensor_release(old);
  if (api.GetExpire(key) != NO_EXPIRE) api.SetExpire(key, NO_EXPIRE);
  return true;
}

bool tensor_key_write(RedisModuleCtx *ctx, RedisModuleString *name, struct tensor *tensor) {
  RedisModuleKey *key = api.OpenKey(ctx, name, KEY_READ | KEY_WRITE);
  const bool is_empty = api.KeyType(key) == KEY_TYPE_EMPTY;
  const bool is_other = !is_empty && api.ModuleTypeGetType(key) != tensor_key_type;
  const bool written = !is_other && (is_empty ? put(key, tensor) : replace(key, tensor));
  api.CloseKey(key);
  if (written) return true;
  tensor_release(tensor);
  api.ReplyWithError(ctx, is_other ? wrong_type : "ERR could not save tensor");
  return false;
}
