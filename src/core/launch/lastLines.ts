import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const bytesRead = 8192;
const linesShown = 12;
/** Milliseconds; a dead disk must not keep the end of a process from being recorded. */
const readLimit = 2000;

/** The last lines of a text file, for a message; empty when it cannot be read. */
export async function lastLines(path: string): Promise<string> {
  const read = new AbortController();
  const late = delay(readLimit, '', { signal: read.signal }).catch(() => '');
  try {
    return await Promise.race([readEnd(path), late]);
  } finally {
    read.abort();
  }
}

async function readEnd(path: string): Promise<string> {
  try {
    // A named pipe in its place would wait for somebody who writes.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(size, bytesRead));
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
export async function lastLinesOf(...paths: readonly string[]): Promise<string> {
  const texts = await Promise.all([...new Set(paths)].map(lastLines));
  return texts.filter((text) => text !== '').join('\n');
}
