const backslash = 0x5c;
const special = new Set([0x2a, 0x3f, 0x5b]);

/** The only name that fits a pattern; undefined where several may. A backslash takes its meaning from what follows. */
export function exactName(pattern: Uint8Array): Uint8Array | undefined {
  const name: number[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const byte = pattern[at] ?? 0;
    if (special.has(byte)) return undefined;
    if (byte === backslash && at + 1 < pattern.length) at += 1;
    name.push(pattern[at] ?? 0);
  }
  return Uint8Array.from(name);
}
