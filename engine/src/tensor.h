// A tensor: type, shape and bytes that never change, shared by counted references.
//
// The bytes lie in the very string that the client has sent (it is retained, not copied), or in memory of our
// own. References may be dropped in the server's thread for lazy freeing: the count is atomic, and a string
// that the running command may still hold is left to the main thread, since the server's own counts are not
// (see tensor_release).
#ifndef ENGINE_TENSOR_H
#define ENGINE_TENSOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data_type.h"
#include "module_api.h"
#include "shape.h"

/**
 * Bytes from which on another thread gives a tensor's memory back to the system: some milliseconds. The
 * memory of smaller ones is better given back at once, and used again while it is warm.
 */
enum { TENSOR_IS_LARGE = 32 * 1024 * 1024 };

struct tensor {
  atomic_uint references;
  enum data_type type;
  /** Differs between any two tensors of a server, also after a restart: who reads it twice sees whether the
   * tensor was replaced. */
  uint64_t version;
  uint64_t elements;
  size_t bytes;
  /** Where the bytes lie in a string: see tensor_data. */
  RedisModuleString *string;
  /** Where they lie in memory of our own. */
  void *block;
  /** Until when the string may be in use by the command that brought it. */
  uint64_t settled_after;
  struct tensor *next_unsettled;
  uint32_t rank;
  int64_t lengths[];
};

/** To be called once, when the module is loaded, in the main thread. */
void tensor_begin(void);

/** A tensor of a command's argument, which is retained. With one reference. */
struct tensor *tensor_of_argument(RedisModuleCtx *ctx, enum data_type type, const struct shape *shape,
                                  RedisModuleString *string);

/** A tensor of a string that nobody else holds, which now belongs to it. With one reference. */
struct tensor *tensor_of_string(enum data_type type, const struct shape *shape, RedisModuleString *string);

/** A tensor of a block from `memory_try`, which now belongs to it. With one reference. */
struct tensor *tensor_of_block(enum data_type type, const struct shape *shape, void *block, size_t bytes);

struct tensor *tensor_retain(const struct tensor *tensor);

/** Drops a reference, and the tensor with the last one. Any thread of the server may call it. */
void tensor_release(struct tensor *tensor);

/**
 * The bytes. To be asked for anew by each command: when the one that brought a string has returned, the
 * server may move it, to give back the room of the query buffer in which it came.
 */
const char *tensor_data(const struct tensor *tensor);

/** Gives a piece of a large tensor's memory back to the system, of which the caller holds the last reference
 * and reads nothing any more; `given_back` begins at 0. Returns whether there is more to give back. */
bool tensor_give_piece_back(const struct tensor *tensor, size_t *given_back);

/** Bytes that the tensor takes in the server. */
size_t tensor_memory(const struct tensor *tensor);

/** Whether there are several references. */
bool tensor_is_shared(const struct tensor *tensor);

/** How many tensors there are in memory, keys' and others'. */
unsigned long tensors_in_memory(void);

#endif
