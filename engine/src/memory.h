// The engine's own memory, counted by the server as its own.
#ifndef ENGINE_MEMORY_H
#define ENGINE_MEMORY_H

#include <stddef.h>

/** For what is small: the server ends if there is no memory left, as it does for itself. */
void *memory_take(size_t bytes);

/** For what a client has asked for: NULL if there is no memory for that much. */
void *memory_try(size_t bytes);

/** The same, filled with zeros; does not touch the pages of a large block. */
void *memory_try_zeros(size_t bytes);

void memory_give_back(void *block);

#endif
