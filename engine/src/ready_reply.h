// Short replies that nearly every command gives, kept as the server's protocol has them.
//
// The server puts each string of a reply together from three parts. A reply that it gave before, it copies
// whole, in a third of the time: of AI.TENSORGET, with seven strings and numbers, a quarter is saved.
#ifndef ENGINE_READY_REPLY_H
#define ENGINE_READY_REPLY_H

#include "data_type.h"
#include "module_api.h"

enum ready_word { WORD_DTYPE, WORD_SHAPE, WORD_BLOB, READY_WORDS };

/** To be called once, when the module is loaded: lets the server give each of these replies. */
void get_replies_ready(RedisModuleCtx *ctx);

int reply_with_ok(RedisModuleCtx *ctx);

void reply_with_word(RedisModuleCtx *ctx, enum ready_word word);

void reply_with_type_name(RedisModuleCtx *ctx, enum data_type type);

#endif
