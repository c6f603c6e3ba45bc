/** Below 0, 0 or above 0, as `a` is before, equal to or behind `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The same for the first bytes of `name`, as many as `prefix` has: 0 where it begins with it. */
export function compareStart(name: Uint8Array, prefix: Uint8Array): number {
  return compareBytes(name.length > prefix.length ? name.subarray(0, prefix.length) : name, prefix);
}

/** How many first bytes two names share. */
export function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at++;
  return at;
}
