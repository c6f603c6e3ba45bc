/** The first of the places that is not passed by, in steps that double: what is near is found at once. */
export function gallop(from: number, to: number, passed: (place: number) => boolean): number {
  let low = from;
  for (let step = 1; ; step *= 2) {
    const place = low + step - 1;
    if (place >= to) break;
    if (!passed(place)) {
      to = place;
      break;
    }
    low = place + 1;
  }
  while (low < to) {
    const middle = (low + to) >>> 1;
    if (passed(middle)) low = middle + 1;
    else to = middle;
  }
  return low;
}
