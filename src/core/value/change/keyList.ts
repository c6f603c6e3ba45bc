import { setTimeout as delay } from 'node:timers/promises';

/** Keys that are changed together: an array, or millions without an object for each. */
export interface KeyList {
  readonly length: number;
  at(place: number): Uint8Array | undefined;
}

/** Who follows a change of many keys, and may stop it before its next batch. */
export interface ChangeOptions {
  readonly signal?: AbortSignal;
  /** Keys that were gone through. */
  readonly onProgress?: (keys: number) => void;
}

/** Some of the keys of a list, by their places. */
export class KeysAt implements KeyList {
  constructor(
    private readonly keys: KeyList,
    private readonly places: readonly number[],
  ) {}

  get length(): number {
    return this.places.length;
  }

  at(place: number): Uint8Array | undefined {
    const found = this.places[place];
    return found === undefined ? undefined : this.keys.at(found);
  }
}

/** Keys of a batch for a server. */
const mostAtOnce = 500;

export function* batchesOf(keys: KeyList, most = mostAtOnce): Generator<readonly Uint8Array[]> {
  for (let from = 0; from < keys.length; from += most)
    yield Array.from({ length: Math.min(most, keys.length - from) }, (_, at) => keys.at(from + at)).flatMap(
      (key) => key ?? [],
    );
}

/** Times that a batch took, for which the server is left alone after it: at most a tenth of its time is ours. */
const rest = 9;
/** Milliseconds; a server that was slow once is not waited for longer. */
const longestRest = 1000;

/** Leaves a server alone that a batch has held for so long; ends at once when it is told to stop. */
export async function restAfterBatch(tookMs: number, signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  await delay(Math.min(tookMs * rest, longestRest), undefined, options).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}
