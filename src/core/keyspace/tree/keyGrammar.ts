import { joinBytes, utf8 } from '../../base/bytes';

/** How the names of a database are grouped. */
export interface KeyGrouping {
  /** Bytes behind which names part, such as `.`, `:` and `/`. */
  readonly delimiters: Uint8Array;
  /** What SmartRedis puts between braces before the names of AI models: one for each range of slots, none outside of clusters. */
  readonly shardPrefixes: readonly Uint8Array[];
}

/** Outside of clusters. */
export const plainGrouping: KeyGrouping = { delimiters: utf8('.:/'), shardPrefixes: [] };

/** A place in a name behind which it may part from its neighbours. Whether there is one depends on the bytes before it alone. */
export interface Boundary {
  readonly end: number;
  /** Behind `{name}.`: the rest is the name of a tensor and does not part again. */
  readonly dataset: boolean;
}

const dot = 0x2e;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** Names part only in their first bytes: nobody reads folders of longer names, and some names have megabytes. */
const mostParted = 4096;

/** The first boundary behind the first `from` bytes. Between the first brace and the one that closes it there is none. */
export function nextBoundary(
  name: Uint8Array,
  from: number,
  { delimiters }: KeyGrouping,
): Boundary | undefined {
  const parted = name.length > mostParted ? name.subarray(0, mostParted) : name;
  const open = parted.indexOf(openingBrace);
  const closed = open < 0 ? -1 : parted.indexOf(closingBrace, open);
  const close = closed < 0 ? parted.length : closed;
  for (let at = from; at < parted.length; at++) {
    if (open >= 0 && at >= open && at <= close) {
      at = close;
      continue;
    }
    const byte = parted[at] ?? 0;
    if (byte === dot && open >= 0 && parted[at - 1] === closingBrace && at > close)
      return { end: at + 1, dataset: true };
    if (delimiters.includes(byte)) return { end: at + 1, dataset: false };
  }
  return undefined;
}

/** Whether the names below a prefix are those of a dataset's tensors. */
export function isDatasetPrefix(prefix: Uint8Array): boolean {
  const open = prefix.indexOf(openingBrace);
  return open >= 0 && open < prefix.length - 2 && prefix.at(-2) === closingBrace && prefix.at(-1) === dot;
}

/** The prefix of the dataset to which a name would belong, by its form. */
export function datasetPrefixOf(name: Uint8Array, grouping: KeyGrouping): Uint8Array | undefined {
  for (let from = 0; ;) {
    const boundary = nextBoundary(name, from, grouping);
    if (boundary === undefined) return undefined;
    if (boundary.dataset) return name.subarray(0, boundary.end);
    from = boundary.end;
  }
}

export function metadataKeyOf(datasetPrefix: Uint8Array): Uint8Array {
  return joinBytes([datasetPrefix, utf8('meta')]);
}

/** What stands between the braces of `…{name}.`. */
export function datasetNameOf(datasetPrefix: Uint8Array): Uint8Array {
  return datasetPrefix.slice(datasetPrefix.indexOf(openingBrace) + 1, -2);
}

const device = utf8('.GPU:');

/** `name.GPU:` : what the keys of an AI model on several devices begin with. */
export function devicePrefixOf(name: Uint8Array): Uint8Array {
  return joinBytes([name, device]);
}

/** `name` of `name.GPU:0`, to `.GPU:999`. A key on a device has no keys on devices itself. */
export function deviceBaseOf(name: Uint8Array): Uint8Array | undefined {
  let at = name.length;
  while (at > 0 && isDigit(name[at - 1] ?? 0)) at--;
  const digits = name.length - at;
  const end = at - device.length;
  if (digits < 1 || digits > 3 || end < 1) return undefined;
  for (let index = 0; index < device.length; index++)
    if (name[end + index] !== device[index]) return undefined;
  const base = name.subarray(0, end);
  return deviceBaseOf(base) === undefined ? base : undefined;
}

/** The name whose keys on devices would lie below a prefix, though they belong beside it: `name` of `name.` and of `name.GPU:`. */
export function deviceBaseOfPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const whole = prefix.length - device.length;
  const endsWithDevice = whole > 0 && device.every((byte, index) => prefix[whole + index] === byte);
  const end = endsWithDevice ? whole : prefix.length - 1;
  if (end < 1 || prefix[end] !== dot || isDatasetPrefix(prefix.subarray(0, end + 1))) return undefined;
  const base = prefix.subarray(0, end);
  return deviceBaseOf(base) === undefined ? base : undefined;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const leftoverEnd = utf8('.TMP');

/** Whether a name behind the prefix of a shard is a copy that a model's run has left behind. */
export function isLeftover(name: Uint8Array): boolean {
  const begin = name.length - leftoverEnd.length;
  return begin >= 0 && leftoverEnd.every((byte, index) => name[begin + index] === byte);
}

/** `{prefix}.` */
export function braced(prefix: Uint8Array): Uint8Array {
  return joinBytes([Uint8Array.of(openingBrace), prefix, Uint8Array.of(closingBrace, dot)]);
}
