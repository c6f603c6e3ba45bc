#include <stdbool.h>

#include "commands.h"
#include "ready_reply.h"
#include "tensor.h"
#include "tensor_check.h"
#include "tensor_key.h"
#include "tensor_values.h"
#include "word.h"

static const char invalid_shape[] = "ERR invalid or negative value found in tensor shape";
static const char wrong_count[] = "ERR wrong number of values was given in 'AI.TENSORSET' command";
static const char one_blob[] =
    "ERR a single binary string should come after the BLOB argument in 'AI.TENSORSET' command";

/** The arguments after the type: lengths, then perhaps BLOB or VALUES and what follows that. */
struct parts {
  struct shape shape;
  /** The product of the lengths is beyond what any tensor may have. */
  bool too_large;
  RedisModuleString *blob;
  RedisModuleString **values;
};

/** Adds a dimension. Returns what is wrong, or NULL. */
static const char *add_length(struct parts *parts, long long length) {
  switch (shape_append(&parts->shape, length)) {
    case SHAPE_BAD_LENGTH:
      return invalid_shape;
    case SHAPE_TOO_MANY_DIMENSIONS:
      return "ERR a tensor has at most 64 dimensions";
    case SHAPE_TOO_LARGE:
      // What comes after the lengths decides which error this is.
      parts->too_large = true;
      return NULL;
    case SHAPE_FITS:
      return NULL;
  }
  return NULL;
}

/** Splits the arguments. Returns what is wrong, or NULL. */
static const char *split(RedisModuleString **argv, int argc, struct parts *parts) {
  parts->too_large = false;
  parts->blob = NULL;
  parts->values = NULL;
  shape_of_scalar(&parts->shape);
  for (int at = 0; at < argc; at++) {
    const int rest = argc - at - 1;
    long long length;
    if (api.StringToLongLong(argv[at], &length) == MODULE_OK) {
      const char *fault = add_length(parts, length);
      if (fault != NULL) return fault;
      continue;
    }
    if (is_word(argv[at], "BLOB")) {
      if (rest != 1) return one_blob;
      parts->blob = argv[at + 1];
      return NULL;
    }
    if (is_word(argv[at], "VALUES")) {
      parts->values = argv + at + 1;
      return !parts->too_large && (uint64_t)rest == parts->shape.elements ? NULL : wrong_count;
    }
    return invalid_shape;
  }
  return NULL;
}

/** Makes the tensor. Returns what is wrong, or NULL. */
static const char *make(RedisModuleCtx *ctx, enum data_type type, const struct parts *parts,
                        struct tensor **tensor) {
  if (parts->values != NULL) return tensor_of_values(type, &parts->shape, parts->values, tensor);
  if (parts->blob == NULL) {
    if (parts->too_large) return "ERR the tensor shape is too large";
    return tensor_of_zeros(ctx, type, &parts->shape, tensor);
  }
  size_t bytes;
  const char *data = api.StringPtrLen(parts->blob, &bytes);
  if (parts->too_large) return "ERR data length does not match tensor shape and type";
  const char *fault = blob_fault(type, parts->shape.elements, data, bytes);
  if (fault == NULL) *tensor = tensor_of_argument(ctx, type, &parts->shape, parts->blob);
  return fault;
}

// AI.TENSORSET key TYPE [length …] [BLOB data | VALUES value …]
int tensor_set_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc < 4) return api.WrongArity(ctx);
  size_t length;
  const char *name = api.StringPtrLen(argv[2], &length);
  enum data_type type;
  if (!data_type_of_name(name, length, &type)) return api.ReplyWithError(ctx, "ERR invalid data type");
  struct parts parts;
  struct tensor *tensor = NULL;
  const char *fault = split(argv + 3, argc - 3, &parts);
  if (fault == NULL) fault = make(ctx, type, &parts, &tensor);
  if (fault != NULL) return api.ReplyWithError(ctx, fault);
  if (!tensor_key_write(ctx, argv[1], tensor)) return MODULE_OK;
  api.ReplicateVerbatim(ctx);
  api.NotifyKeyspaceEvent(ctx, EVENT_OF_MODULE, "ai.tensorset", argv[1]);
  return reply_with_ok(ctx);
}
