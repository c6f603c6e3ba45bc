// Statistics of numbers, added up piece by piece.
#ifndef ENGINE_STATISTICS_H
#define ENGINE_STATISTICS_H

#include <stdint.h>

#include "data_type.h"

struct statistics {
  uint64_t nans;
  uint64_t positive_infinities;
  uint64_t negative_infinities;
  /** The rest, and what follows is about them only; without any of them it means nothing. */
  uint64_t finite;
  double least, most;
  /** The same exactly: the doubles of large INT64 are rounded. */
  int64_t least_integer, most_integer;
  double mean;
  /** Sum of the squared distances from the mean. */
  double squares;
};

/** Adds elements. Any number of them; a few thousand take some ten microseconds. */
void statistics_add(struct statistics *statistics, enum data_type type, const char *data, uint64_t count);

/** Of the population: the root of the mean squared distance from the mean. */
double statistics_deviation(const struct statistics *statistics);

/** Equal intervals from the least to the most of finite numbers; the last one includes its end. */
struct histogram {
  double least, most;
  uint32_t bins;
  uint64_t *counts;
};

void histogram_add(struct histogram *histogram, enum data_type type, const char *data, uint64_t count);

#endif
