#include "statistics.h"

#include <math.h>
#include <stddef.h>

#include "element.h"

/** Elements that are looked at together: their doubles fit the fastest cache, so that going over them twice
 * costs little. */
enum { PIECE = 1024 };

/** One loop for each type: the compiler turns a loop without decisions into vector instructions. */
#define CONVERT(name, element_type)                                                                          \
  case name:                                                                                                 \
    for (size_t i = 0; i < count; i++) {                                                                     \
      element_type value;                                                                                    \
      memcpy(&value, data + i * sizeof(element_type), sizeof(element_type));                                 \
      to[i] = (double)value;                                                                                 \
    }                                                                                                        \
    break;

static void convert(enum data_type type, const char *data, size_t count, double *to) {
  switch (type) {
    CONVERT(TYPE_FLOAT, float)
    CONVERT(TYPE_DOUBLE, double)
    CONVERT(TYPE_INT8, int8_t)
    CONVERT(TYPE_INT16, int16_t)
    CONVERT(TYPE_INT32, int32_t)
    CONVERT(TYPE_INT64, int64_t)
    CONVERT(TYPE_UINT8, uint8_t)
    CONVERT(TYPE_UINT16, uint16_t)
    CONVERT(TYPE_BOOL, uint8_t)
    case TYPE_STRING:
      break;
  }
}

/** Moves the finite numbers together at the front, and counts the others. Returns how many there are. */
static size_t keep_finite(struct statistics *statistics, double *numbers, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    const double number = numbers[i];
    numbers[kept] = number;
    kept += isfinite(number) ? 1 : 0;
    statistics->nans += isnan(number) ? 1 : 0;
    statistics->positive_infinities += number > 0 && isinf(number) ? 1 : 0;
    statistics->negative_infinities += number < 0 && isinf(number) ? 1 : 0;
  }
  return kept;
}

/** The mean of finite numbers whose sum is beyond every double. */
static double mean_of_huge(const double *numbers, size_t count, double least, double most) {
  double mean = 0;
  for (size_t i = 0; i < count; i++) mean += numbers[i] / (double)count;
  // Rounding may have led beyond every double again.
  if (mean < least) return least;
  return mean > most ? most : mean;
}

/** Joins a piece's mean and squares to those before it. The sum of squares may become infinite, never NaN. */
static void join(struct statistics *statistics, size_t count, double mean, double squares) {
  if (statistics->finite == 0) {
    statistics->mean = mean;
    statistics->squares = squares;
    return;
  }
  const double before = (double)statistics->finite;
  const double after = before + (double)count;
  const double share = (double)count / after;
  const double distance = mean - statistics->mean;
  statistics->squares += squares + distance * distance * before * share;
  statistics->mean = isfinite(distance) ? statistics->mean + distance * share
                                        : statistics->mean * (1 - share) + mean * share;
}

/** Adds finite numbers; pieces are joined by the formula of Chan, Golub and LeVeque, which loses nothing to
 * cancellation. */
static void add_finite(struct statistics *statistics, const double *numbers, size_t count) {
  double sum = 0;
  double least = numbers[0];
  double most = numbers[0];
  for (size_t i = 0; i < count; i++) {
    sum += numbers[i];
    least = numbers[i] < least ? numbers[i] : least;
    most = numbers[i] > most ? numbers[i] : most;
  }
  const double mean = isfinite(sum) ? sum / (double)count : mean_of_huge(numbers, count, least, most);
  double squares = 0;
  for (size_t i = 0; i < count; i++) squares += (numbers[i] - mean) * (numbers[i] - mean);

  const bool first = statistics->finite == 0;
  join(statistics, count, mean, squares);
  statistics->least = first || least < statistics->least ? least : statistics->least;
  statistics->most = first || most > statistics->most ? most : statistics->most;
  statistics->finite += count;
}

static void bound_integers(struct statistics *statistics, enum data_type type, const char *data,
                           size_t count) {
  const size_t size = data_type_size(type);
  int64_t least = statistics->finite == 0 ? INT64_MAX : statistics->least_integer;
  int64_t most = statistics->finite == 0 ? INT64_MIN : statistics->most_integer;
  for (size_t i = 0; i < count; i++) {
    const int64_t number = element_as_integer(type, data + i * size);
    least = number < least ? number : least;
    most = number > most ? number : most;
  }
  statistics->least_integer = least;
  statistics->most_integer = most;
}

void statistics_add(struct statistics *statistics, enum data_type type, const char *data, uint64_t count) {
  const size_t size = data_type_size(type);
  double numbers[PIECE];
  for (uint64_t done = 0; done < count; done += PIECE) {
    const size_t piece = count - done < PIECE ? (size_t)(count - done) : PIECE;
    const char *from = data + done * size;
    convert(type, from, piece, numbers);
    if (!data_type_is_float(type)) bound_integers(statistics, type, from, piece);
    const size_t finite = data_type_is_float(type) ? keep_finite(statistics, numbers, piece) : piece;
    if (finite > 0) add_finite(statistics, numbers, finite);
  }
}

double statistics_deviation(const struct statistics *statistics) {
  return sqrt(statistics->squares / (double)statistics->finite);
}

void histogram_add(struct histogram *histogram, enum data_type type, const char *data, uint64_t count) {
  const size_t size = data_type_size(type);
  // By halves: the difference of two doubles may be infinite.
  const double width = histogram->most * 0.5 - histogram->least * 0.5;
  double numbers[PIECE];
  for (uint64_t done = 0; done < count; done += PIECE) {
    const size_t piece = count - done < PIECE ? (size_t)(count - done) : PIECE;
    convert(type, data + done * size, piece, numbers);
    for (size_t i = 0; i < piece; i++) {
      if (!isfinite(numbers[i])) continue;
      const double share = width > 0 ? (numbers[i] * 0.5 - histogram->least * 0.5) / width : 0;
      const uint32_t bin = (uint32_t)(share * histogram->bins);
      histogram->counts[bin < histogram->bins ? bin : histogram->bins - 1]++;
    }
  }
}
