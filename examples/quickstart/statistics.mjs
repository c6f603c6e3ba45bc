// What the consumer says about a field.

/** Smallest, largest and mean value, and the heat in the plate: the integral over the unit square. */
export function statisticsOf(temperature) {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (const value of temperature) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const mean = sum / temperature.length;
  // The square has area 1, so its heat is the mean.
  return { min, max, mean, energy: mean };
}

/** One readable line; `left` is the share of the first frame's energy that is left, with a bar for the eye. */
export function describeFrame({ step, time }, { min, max, mean }, left) {
  const bar = '#'.repeat(Math.max(0, Math.min(30, Math.round(left * 30)))).padEnd(30, '.');
  return (
    `step ${String(step).padStart(5)}  t ${time.toFixed(4)}  min ${min.toFixed(4)}  max ${max.toFixed(4)}  ` +
    `mean ${mean.toFixed(5)}  energy ${(left * 100).toFixed(1).padStart(5)} % ${bar}`
  );
}
