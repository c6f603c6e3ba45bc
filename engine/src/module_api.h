// What the engine uses of the server's module API: our own declarations, written from the public reference.
// Functions are looked up by name when the module is loaded (module_api.c). Those of Redis 6.2 must be there;
// newer ones may be missing and are NULL then.
#ifndef ENGINE_MODULE_API_H
#define ENGINE_MODULE_API_H

#include <stddef.h>
#include <stdint.h>

/** The one thing that the reference says of a context: it begins with the function that finds all others. */
typedef struct RedisModuleCtx {
  int (*get_api)(const char *name, void *function);
} RedisModuleCtx;

typedef struct RedisModuleString RedisModuleString;
typedef struct RedisModuleKey RedisModuleKey;
typedef struct RedisModuleType RedisModuleType;
typedef struct RedisModuleIO RedisModuleIO;
typedef struct RedisModuleDigest RedisModuleDigest;
typedef struct RedisModuleInfoCtx RedisModuleInfoCtx;
typedef struct RedisModuleBlockedClient RedisModuleBlockedClient;
typedef struct RedisModuleCallReply RedisModuleCallReply;

enum { MODULE_OK = 0, MODULE_ERR = 1 };
enum { MODULE_API_VERSION = 1 };
enum { KEY_READ = 1 << 0, KEY_WRITE = 1 << 1 };
enum { KEY_TYPE_EMPTY = 0 };
enum { OPTION_HANDLE_IO_ERRORS = 1 << 0 };
enum {
  CONTEXT_LUA = 1 << 0,
  CONTEXT_MULTI = 1 << 1,
  CONTEXT_REPLICATED = 1 << 12,
  CONTEXT_LOADING = 1 << 13,
  CONTEXT_DENY_BLOCKING = 1 << 21,
};
/** Class `d` of keyspace events: those of modules. */
enum { EVENT_OF_MODULE = 1 << 13 };
#define NO_EXPIRE ((long long)-1)

typedef int (*CommandFunction)(RedisModuleCtx *, RedisModuleString **argv, int argc);

/** Callbacks of a data type. Version 3 is that of Redis 6.2; newer servers take it as it is. */
typedef struct RedisModuleTypeMethods {
  uint64_t version;
  void *(*rdb_load)(RedisModuleIO *, int encoding_version);
  void (*rdb_save)(RedisModuleIO *, void *value);
  void (*aof_rewrite)(RedisModuleIO *, RedisModuleString *key, void *value);
  size_t (*mem_usage)(const void *value);
  void (*digest)(RedisModuleDigest *, void *value);
  void (*free)(void *value);
  int (*aux_load)(RedisModuleIO *, int encoding_version, int when);
  void (*aux_save)(RedisModuleIO *, int when);
  int aux_save_triggers;
  size_t (*free_effort)(RedisModuleString *key, const void *value);
  void (*unlink)(RedisModuleString *key, const void *value);
  void *(*copy)(RedisModuleString *from, RedisModuleString *to, const void *value);
  int (*defrag)(void *context, RedisModuleString *key, void **value);
} RedisModuleTypeMethods;

enum { TYPE_METHODS_VERSION = 3 };

/** Function by function: name without `RedisModule_`, what it returns, what it takes. */
#define REQUIRED_FUNCTIONS(FUNCTION)                                                                         \
  FUNCTION(SetModuleAttribs, void, RedisModuleCtx *, const char *name, int version, int api_version)         \
  FUNCTION(IsModuleNameBusy, int, const char *name)                                                          \
  FUNCTION(SetModuleOptions, void, RedisModuleCtx *, int options)                                            \
  FUNCTION(GetServerVersion, int, void)                                                                      \
  FUNCTION(Alloc, void *, size_t)                                                                            \
  FUNCTION(Calloc, void *, size_t, size_t)                                                                   \
  FUNCTION(Free, void, void *)                                                                               \
  FUNCTION(CreateCommand, int, RedisModuleCtx *, const char *name, CommandFunction, const char *flags, int,  \
           int, int)                                                                                         \
  FUNCTION(CreateDataType, RedisModuleType *, RedisModuleCtx *, const char *name, int encoding,              \
           RedisModuleTypeMethods *)                                                                         \
  FUNCTION(WrongArity, int, RedisModuleCtx *)                                                                \
  FUNCTION(GetContextFlags, int, RedisModuleCtx *)                                                           \
  FUNCTION(OpenKey, RedisModuleKey *, RedisModuleCtx *, RedisModuleString *, int mode)                       \
  FUNCTION(CloseKey, void, RedisModuleKey *)                                                                 \
  FUNCTION(KeyType, int, RedisModuleKey *)                                                                   \
  FUNCTION(UnlinkKey, int, RedisModuleKey *)                                                                 \
  FUNCTION(ModuleTypeGetType, RedisModuleType *, RedisModuleKey *)                                           \
  FUNCTION(ModuleTypeGetValue, void *, RedisModuleKey *)                                                     \
  FUNCTION(ModuleTypeSetValue, int, RedisModuleKey *, RedisModuleType *, void *value)                        \
  FUNCTION(ModuleTypeReplaceValue, int, RedisModuleKey *, RedisModuleType *, void *value, void **old)        \
  FUNCTION(GetExpire, long long, RedisModuleKey *)                                                           \
  FUNCTION(SetExpire, int, RedisModuleKey *, long long ms)                                                   \
  FUNCTION(ReplicateVerbatim, int, RedisModuleCtx *)                                                         \
  FUNCTION(NotifyKeyspaceEvent, int, RedisModuleCtx *, int type, const char *event, RedisModuleString *key)  \
  FUNCTION(CreateString, RedisModuleString *, RedisModuleCtx *, const char *, size_t)                        \
  FUNCTION(CreateStringFromLongLong, RedisModuleString *, RedisModuleCtx *, long long)                       \
  FUNCTION(RetainString, void, RedisModuleCtx *, RedisModuleString *)                                        \
  FUNCTION(FreeString, void, RedisModuleCtx *, RedisModuleString *)                                          \
  FUNCTION(StringPtrLen, const char *, const RedisModuleString *, size_t *)                                  \
  FUNCTION(StringToLongLong, int, const RedisModuleString *, long long *)                                    \
  FUNCTION(StringToDouble, int, const RedisModuleString *, double *)                                         \
  FUNCTION(ReplyWithError, int, RedisModuleCtx *, const char *)                                              \
  FUNCTION(ReplyWithSimpleString, int, RedisModuleCtx *, const char *)                                       \
  FUNCTION(ReplyWithCString, int, RedisModuleCtx *, const char *)                                            \
  FUNCTION(ReplyWithStringBuffer, int, RedisModuleCtx *, const char *, size_t)                               \
  FUNCTION(ReplyWithLongLong, int, RedisModuleCtx *, long long)                                              \
  FUNCTION(ReplyWithDouble, int, RedisModuleCtx *, double)                                                   \
  FUNCTION(ReplyWithArray, int, RedisModuleCtx *, long)                                                      \
  FUNCTION(ReplyWithNull, int, RedisModuleCtx *)                                                             \
  FUNCTION(SaveUnsigned, void, RedisModuleIO *, uint64_t)                                                    \
  FUNCTION(LoadUnsigned, uint64_t, RedisModuleIO *)                                                          \
  FUNCTION(SaveStringBuffer, void, RedisModuleIO *, const char *, size_t)                                    \
  FUNCTION(LoadString, RedisModuleString *, RedisModuleIO *)                                                 \
  FUNCTION(IsIOError, int, RedisModuleIO *)                                                                  \
  FUNCTION(Log, void, RedisModuleCtx *, const char *level, const char *format, ...)                          \
  FUNCTION(LogIOError, void, RedisModuleIO *, const char *level, const char *format, ...)                    \
  FUNCTION(EmitAOF, void, RedisModuleIO *, const char *command, const char *format, ...)                     \
  FUNCTION(DigestAddStringBuffer, void, RedisModuleDigest *, const char *, size_t)                           \
  FUNCTION(DigestAddLongLong, void, RedisModuleDigest *, long long)                                          \
  FUNCTION(DigestEndSequence, void, RedisModuleDigest *)                                                     \
  FUNCTION(BlockClient, RedisModuleBlockedClient *, RedisModuleCtx *, CommandFunction reply,                 \
           CommandFunction timeout, void (*free_data)(RedisModuleCtx *, void *), long long timeout_ms)       \
  FUNCTION(UnblockClient, int, RedisModuleBlockedClient *, void *data)                                       \
  FUNCTION(SetDisconnectCallback, void, RedisModuleBlockedClient *,                                          \
           void (*gone)(RedisModuleCtx *, RedisModuleBlockedClient *))                                       \
  FUNCTION(GetThreadSafeContext, RedisModuleCtx *, RedisModuleBlockedClient *)                               \
  FUNCTION(FreeThreadSafeContext, void, RedisModuleCtx *)                                                    \
  FUNCTION(CreateTimer, uint64_t, RedisModuleCtx *, long long ms, void (*)(RedisModuleCtx *, void *),        \
           void *data)                                                                                       \
  FUNCTION(RegisterInfoFunc, int, RedisModuleCtx *, void (*)(RedisModuleInfoCtx *, int for_crash_report))    \
  FUNCTION(InfoAddSection, int, RedisModuleInfoCtx *, const char *)                                          \
  FUNCTION(InfoAddFieldCString, int, RedisModuleInfoCtx *, const char *field, const char *)                  \
  FUNCTION(InfoAddFieldLongLong, int, RedisModuleInfoCtx *, const char *field, long long)                    \
  FUNCTION(Call, RedisModuleCallReply *, RedisModuleCtx *, const char *command, const char *format, ...)     \
  FUNCTION(CallReplyArrayElement, RedisModuleCallReply *, RedisModuleCallReply *, size_t)                    \
  FUNCTION(CallReplyStringPtr, const char *, RedisModuleCallReply *, size_t *)                               \
  FUNCTION(ReplyWithCallReply, int, RedisModuleCtx *, RedisModuleCallReply *)                                \
  FUNCTION(FreeCallReply, void, RedisModuleCallReply *)

/** Newer than Redis 6.2: NULL where the server has none. */
#define OPTIONAL_FUNCTIONS(FUNCTION)                                                                         \
  FUNCTION(TryAlloc, void *, size_t)                                                                         \
  FUNCTION(TryCalloc, void *, size_t, size_t)                                                                \
  FUNCTION(MallocSizeString, size_t, RedisModuleString *)

struct module_api {
#define DECLARE_FUNCTION(name, result, ...) result (*name)(__VA_ARGS__);
  REQUIRED_FUNCTIONS(DECLARE_FUNCTION)
  OPTIONAL_FUNCTIONS(DECLARE_FUNCTION)
#undef DECLARE_FUNCTION
};

/** The functions of the server that has loaded us. */
extern struct module_api api;

/**
 * Looks all functions up and gives the module its name, without which the server logs nothing of it.
 * Returns the name of the first required function that the server lacks, or NULL.
 */
const char *find_module_api(RedisModuleCtx *ctx, const char *module_name, int module_version);

#endif
