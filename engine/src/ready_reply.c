#include "ready_reply.h"

#include <string.h>

/** NULL, like all the others, where the server has not given it. */
static RedisModuleCallReply *ok;

static struct {
  const char *text;
  RedisModuleCallReply *reply;
} words[READY_WORDS] = {
    [WORD_DTYPE] = {"dtype", NULL},
    [WORD_SHAPE] = {"shape", NULL},
    [WORD_BLOB] = {"blob", NULL},
};

static RedisModuleCallReply *type_names[TYPE_STRING + 1];

/** The reply if it is this text. In a server whose commands were renamed it may be another, or none. */
static RedisModuleCallReply *checked(RedisModuleCallReply *reply, const char *text) {
  if (reply == NULL) return NULL;
  size_t length;
  const char *given = api.CallReplyStringPtr(reply, &length);
  if (given != NULL && length == strlen(text) && memcmp(given, text, length) == 0) return reply;
  api.FreeCallReply(reply);
  return NULL;
}

static RedisModuleCallReply *echo(RedisModuleCtx *ctx, const char *text) {
  return checked(api.Call(ctx, "ECHO", "c", text), text);
}

void get_replies_ready(RedisModuleCtx *ctx) {
  // Nothing is watched here, so this changes nothing, and says OK.
  ok = checked(api.Call(ctx, "UNWATCH", ""), "OK");
  for (int word = 0; word < READY_WORDS; word++) words[word].reply = echo(ctx, words[word].text);
  for (int type = TYPE_FLOAT; type <= TYPE_STRING; type++)
    type_names[type] = echo(ctx, data_type_name((enum data_type)type));
}

int reply_with_ok(RedisModuleCtx *ctx) {
  return ok != NULL ? api.ReplyWithCallReply(ctx, ok) : api.ReplyWithSimpleString(ctx, "OK");
}

static void reply_with(RedisModuleCtx *ctx, RedisModuleCallReply *ready, const char *text) {
  if (ready != NULL)
    api.ReplyWithCallReply(ctx, ready);
  else
    api.ReplyWithCString(ctx, text);
}

void reply_with_word(RedisModuleCtx *ctx, enum ready_word word) {
  reply_with(ctx, words[word].reply, words[word].text);
}

void reply_with_type_name(RedisModuleCtx *ctx, enum data_type type) {
  reply_with(ctx, type_names[type], data_type_name(type));
}
