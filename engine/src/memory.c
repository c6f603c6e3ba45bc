#include "memory.h"

#include <stdlib.h>

#include "module_api.h"

#ifdef ENGINE_OWN_MALLOC

// For sanitizers: they see what lies in memory of the C library.
void *memory_take(size_t bytes) { return malloc(bytes); }

void *memory_try(size_t bytes) { return malloc(bytes); }

void *memory_try_zeros(size_t bytes) { return calloc(1, bytes); }

void memory_give_back(void *block) { free(block); }

#else

/** Below this a failure to allocate ends the server whatever we do. */
static const size_t worth_trying = 64 * 1024;

void *memory_take(size_t bytes) { return api.Alloc(bytes); }

/**
 * Servers before Redis 7 have no allocation that may fail. There we ask the C library first: what it cannot
 * map, the server cannot either.
 */
static int there_is_room(size_t bytes) {
  // Volatile: a compiler may otherwise leave out an allocation that nobody uses, and take it for granted.
  void *volatile probe = malloc(bytes);
  free(probe);
  return probe != NULL;
}

void *memory_try(size_t bytes) {
  if (bytes < worth_trying) return api.Alloc(bytes);
  if (api.TryAlloc != NULL) return api.TryAlloc(bytes);
  return there_is_room(bytes) ? api.Alloc(bytes) : NULL;
}

void *memory_try_zeros(size_t bytes) {
  if (bytes < worth_trying) return api.Calloc(1, bytes);
  if (api.TryCalloc != NULL) return api.TryCalloc(1, bytes);
  return there_is_room(bytes) ? api.Calloc(1, bytes) : NULL;
}

void memory_give_back(void *block) { api.Free(block); }

#endif
