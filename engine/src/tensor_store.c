#include "tensor_store.h"

#include "tensor.h"
#include "tensor_check.h"
#include "tensor_key.h"

static void save(RedisModuleIO *io, void *value) {
  const struct tensor *tensor = value;
  api.SaveUnsigned(io, tensor->type);
  api.SaveUnsigned(io, tensor->rank);
  for (uint32_t i = 0; i < tensor->rank; i++) api.SaveUnsigned(io, (uint64_t)tensor->lengths[i]);
  api.SaveStringBuffer(io, tensor_data(tensor), tensor->bytes);
}

/** Reads a shape. Returns why it is none, or NULL. */
static const char *load_shape(RedisModuleIO *io, struct shape *shape) {
  const uint64_t rank = api.LoadUnsigned(io);
  if (rank > MAX_RANK) return "it has too many dimensions";
  shape_of_scalar(shape);
  for (uint64_t i = 0; i < rank; i++) {
    const uint64_t length = api.LoadUnsigned(io);
    if (length > INT64_MAX || shape_append(shape, (int64_t)length) != SHAPE_FITS)
      return "its shape is impossible";
  }
  return NULL;
}

/** Reads a tensor. Returns why there is none, or NULL. */
static const char *load_tensor(RedisModuleIO *io, struct tensor **tensor) {
  enum data_type type;
  struct shape shape;
  if (!data_type_of_number(api.LoadUnsigned(io), &type)) return "its type is unknown";
  const char *fault = load_shape(io, &shape);
  if (fault != NULL) return fault;
  RedisModuleString *string = api.LoadString(io);
  if (string == NULL || api.IsIOError(io)) {
    if (string != NULL) api.FreeString(NULL, string);
    return "it ends too early";
  }
  size_t bytes;
  const char *data = api.StringPtrLen(string, &bytes);
  if (blob_fault(type, shape.elements, data, bytes) != NULL) {
    api.FreeString(NULL, string);
    return "its data do not fit its type and shape";
  }
  *tensor = tensor_of_string(type, &shape, string);
  return NULL;
}

static void *load(RedisModuleIO *io, int encoding_version) {
  if (encoding_version < TENSOR_ENCODING) {
    api.LogIOError(io, "warning",
                   "This tensor was saved by RedisAI (encoding %d), whose files only RedisAI reads: load "
                   "RedisAI here, or "
                   "write the tensors anew from a client.",
                   encoding_version);
    return NULL;
  }
  if (encoding_version > TENSOR_ENCODING) {
    api.LogIOError(io, "warning", "This tensor was saved by a newer engine (encoding %d): load that one.",
                   encoding_version);
    return NULL;
  }
  struct tensor *tensor = NULL;
  const char *fault = load_tensor(io, &tensor);
  if (fault != NULL) api.LogIOError(io, "warning", "A tensor is damaged: %s.", fault);
  return tensor;
}

static void rewrite(RedisModuleIO *io, RedisModuleString *key, void *value) {
  const struct tensor *tensor = value;
  RedisModuleString *lengths[MAX_RANK];
  for (uint32_t i = 0; i < tensor->rank; i++)
    lengths[i] = api.CreateStringFromLongLong(NULL, tensor->lengths[i]);
  const char *type = data_type_name(tensor->type);
  // A string goes as it is, without a copy.
  if (tensor->string != NULL)
    api.EmitAOF(io, "AI.TENSORSET", "scvcs", key, type, lengths, (size_t)tensor->rank, "BLOB",
                tensor->string);
  else
    api.EmitAOF(io, "AI.TENSORSET", "scvcb", key, type, lengths, (size_t)tensor->rank, "BLOB",
                tensor_data(tensor), tensor->bytes);
  for (uint32_t i = 0; i < tensor->rank; i++) api.FreeString(NULL, lengths[i]);
}

static void digest(RedisModuleDigest *md, void *value) {
  const struct tensor *tensor = value;
  api.DigestAddLongLong(md, (long long)tensor->type);
  for (uint32_t i = 0; i < tensor->rank; i++) api.DigestAddLongLong(md, tensor->lengths[i]);
  api.DigestAddStringBuffer(md, tensor_data(tensor), tensor->bytes);
  api.DigestEndSequence(md);
}

static size_t memory_usage(const void *value) { return tensor_memory(value); }

static void release(void *value) { tensor_release(value); }

/** The server frees in its background what takes more effort than 64. Dropping one of several references is
 * little. */
static size_t free_effort(RedisModuleString *key, const void *value) {
  (void)key;
  const size_t much = 65;
  const struct tensor *tensor = value;
  return tensor->bytes >= TENSOR_IS_LARGE && !tensor_is_shared(tensor) ? much : 1;
}

/** Tensors never change, so a copy is a reference. */
static void *copy(RedisModuleString *from, RedisModuleString *to, const void *value) {
  (void)from;
  (void)to;
  return tensor_retain(value);
}

int register_tensor_type(RedisModuleCtx *ctx) {
  RedisModuleTypeMethods methods = {
      .version = TYPE_METHODS_VERSION,
      .rdb_load = load,
      .rdb_save = save,
      .aof_rewrite = rewrite,
      .mem_usage = memory_usage,
      .digest = digest,
      .free = release,
      .free_effort = free_effort,
      .copy = copy,
  };
  tensor_key_type = api.CreateDataType(ctx, "AI_TENSOR", TENSOR_ENCODING, &methods);
  return tensor_key_type != NULL;
}
