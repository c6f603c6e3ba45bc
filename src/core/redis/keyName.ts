/**
 * The bytes of a key for people: as UTF-8, and each byte that is none as `\xff`. For display alone: two keys may
 * have one name.
 */
export function keyName(key: Uint8Array): string {
  if (key.length === 0) return '""';
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let name = '';
  for (let from = 0; from < key.length;) {
    const length = characterBytes(key[from] ?? 0);
    const bytes = key.subarray(from, from + length);
    const character = decode(decoder, bytes);
    name += character ?? `\\x${(key[from] ?? 0).toString(16).padStart(2, '0')}`;
    from += character === undefined ? 1 : length;
  }
  return name;
}

/** Of a character that begins so. */
function characterBytes(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
