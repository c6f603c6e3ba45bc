#include <string.h>

#include "commands.h"
#include "memory.h"
#include "statistics.h"
#include "tensor_key.h"
#include "tensor_reply.h"
#include "word.h"
#include "work.h"

enum { MOST_BINS = 1024 };

static const uint64_t elements_of_a_step = 64 * 1024;
/** Up to this many are read at once. */
static const uint64_t few_elements = 256 * 1024;

struct statistics_work {
  struct work work;
  struct tensor *tensor;
  struct statistics statistics;
  /** Without bins there is none. */
  struct histogram histogram;
  /** The elements are gone through once for the statistics, and once more for the histogram, which needs
   * their bounds. */
  bool counting;
  uint64_t done;
  uint64_t counts[MOST_BINS];
};

static void reply_with_integer(RedisModuleCtx *ctx, const char *name, uint64_t number) {
  api.ReplyWithCString(ctx, name);
  api.ReplyWithLongLong(ctx, (long long)number);
}

/** Of numbers that there may be none of: nil then. */
static void reply_with_double(RedisModuleCtx *ctx, const char *name, const struct statistics *statistics,
                              double number) {
  api.ReplyWithCString(ctx, name);
  if (statistics->finite == 0)
    api.ReplyWithNull(ctx);
  else
    api.ReplyWithDouble(ctx, number);
}

static void reply_with_bounds(RedisModuleCtx *ctx, enum data_type type, const struct statistics *statistics) {
  if (data_type_is_float(type)) {
    reply_with_double(ctx, "min", statistics, statistics->least);
    reply_with_double(ctx, "max", statistics, statistics->most);
  } else {
    api.ReplyWithCString(ctx, "min");
    api.ReplyWithLongLong(ctx, statistics->least_integer);
    api.ReplyWithCString(ctx, "max");
    api.ReplyWithLongLong(ctx, statistics->most_integer);
  }
}

static void reply_with_statistics(RedisModuleCtx *ctx, const struct statistics_work *all) {
  const struct statistics *statistics = &all->statistics;
  api.ReplyWithArray(ctx, all->histogram.bins > 0 ? 20 : 18);
  reply_with_integer(ctx, "count", all->tensor->elements);
  reply_with_integer(ctx, "nans", statistics->nans);
  reply_with_integer(ctx, "positive_infinities", statistics->positive_infinities);
  reply_with_integer(ctx, "negative_infinities", statistics->negative_infinities);
  reply_with_bounds(ctx, all->tensor->type, statistics);
  reply_with_double(ctx, "mean", statistics, statistics->mean);
  reply_with_double(ctx, "standard_deviation", statistics, statistics_deviation(statistics));
  reply_with_version(ctx, all->tensor);
  if (all->histogram.bins == 0) return;
  api.ReplyWithCString(ctx, "histogram");
  api.ReplyWithArray(ctx, (long)all->histogram.bins);
  for (uint32_t i = 0; i < all->histogram.bins; i++) api.ReplyWithLongLong(ctx, (long long)all->counts[i]);
}

static void begin_counting(struct statistics_work *all) {
  all->histogram.least = all->statistics.least;
  all->histogram.most = all->statistics.most;
  all->histogram.counts = all->counts;
  all->counting = true;
  all->done = 0;
}

static bool statistics_step(struct work *work, RedisModuleCtx *ctx) {
  struct statistics_work *all = (struct statistics_work *)work;
  const struct tensor *tensor = all->tensor;
  const uint64_t rest = tensor->elements - all->done;
  const uint64_t count = rest < elements_of_a_step ? rest : elements_of_a_step;
  const char *from = tensor_data(tensor) + all->done * data_type_size(tensor->type);
  if (all->counting)
    histogram_add(&all->histogram, tensor->type, from, count);
  else
    statistics_add(&all->statistics, tensor->type, from, count);
  all->done += count;
  if (all->done < tensor->elements) return true;
  if (all->histogram.bins > 0 && !all->counting) {
    begin_counting(all);
    return true;
  }
  reply_with_statistics(ctx, all);
  return false;
}

static void statistics_end(struct work *work) {
  struct statistics_work *all = (struct statistics_work *)work;
  tensor_release(all->tensor);
  memory_give_back(all);
}

static int reply_with_statistics_of(RedisModuleCtx *ctx, const struct tensor *tensor, uint32_t bins) {
  struct statistics_work *all = memory_take(sizeof(*all));
  memset(all, 0, sizeof(*all));
  all->work = (struct work){tensor, statistics_step, statistics_end};
  all->tensor = tensor_retain(tensor);
  all->histogram.bins = bins;
  return do_work(ctx, tensor->elements <= few_elements ? WORK_IS_LITTLE : WORK_IS_MUCH, &all->work);
}

// TENSOR.STATISTICS key [BINS count]
int tensor_statistics_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
  if (argc != 2 && argc != 4) return api.WrongArity(ctx);
  long long bins = 0;
  if (argc == 4) {
    if (!is_word(argv[2], "BINS")) return api.ReplyWithError(ctx, "ERR syntax error");
    if (api.StringToLongLong(argv[3], &bins) != MODULE_OK || bins < 1 || bins > MOST_BINS)
      return api.ReplyWithError(ctx, "ERR BINS takes a number from 1 to 1024");
  }
  const struct tensor *tensor = tensor_key_read(ctx, argv[1]);
  if (tensor == NULL) return MODULE_OK;
  if (tensor->type != TYPE_STRING) return reply_with_statistics_of(ctx, tensor, (uint32_t)bins);
  return api.ReplyWithError(ctx, "ERR a STRING tensor has no statistics");
}
