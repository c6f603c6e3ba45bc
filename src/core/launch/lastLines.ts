import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const bytesRead = 8192;
const linesShown = 12;
/** Milliseconds; a dead disk must not keep the end of a process from being recorded. */
const readLimit = 2000;

/** How long text files are, by their paths; 0 where there is none. */
export type Lengths = ReadonlyMap<string, number>;

export async function lengthsOf(...paths: readonly string[]): Promise<Lengths> {
  const length = async (path: string): Promise<number> =>
    (await stat(path).catch(() => undefined))?.size ?? 0;
  return new Map(await Promise.all(paths.map(async (path) => [path, await length(path)] as const)));
}

/** The last lines of a text file from a byte on, for a message; empty when it cannot be read. */
async function lastLines(path: string, from: number): Promise<string> {
  const read = new AbortController();
  const late = delay(readLimit, '', { signal: read.signal }).catch(() => '');
  try {
    return await Promise.race([readEnd(path, from), late]);
  } finally {
    read.abort();
  }
}

async function readEnd(path: string, from: number): Promise<string> {
  try {
    // A named pipe in its place would wait for somebody who writes.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(Math.max(0, size - from), bytesRead));
      const { bytesRead: count } = await file.read(bytes, 0, bytes.length, size - bytes.length);
      const lines = new TextDecoder().decode(bytes.subarray(0, count)).trimEnd().split('\n');
      return lines.slice(-linesShown).join('\n');
    } finally {
      await file.close();
    }
  } catch {
    // It is evidence only: what is being reported must not be lost because of it.
    return '';
  }
}

/** The last lines of several files, one below the other. */
export function lastLinesOf(...paths: readonly string[]): Promise<string> {
  return lastLinesSince(new Map(paths.map((path) => [path, 0])));
}

/** The last lines of what was written since files had these lengths, one file below the other. */
export async function lastLinesSince(lengths: Lengths): Promise<string> {
  const texts = await Promise.all(Array.from(lengths, ([path, length]) => lastLines(path, length)));
  return texts.filter((text) => text !== '').join('\n');
}
