import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { programVersion } from '../base/programVersion';

/** Folder of all engines that were built here. */
export function enginesFolder(dataDirectory: string): string {
  return path.join(dataDirectory, 'engines');
}

/**
 * Where an engine lies that was built of exactly these sources, for this kind of machine: no other is ever taken for it,
 * whatever an update brings. Undefined where the sources cannot be read.
 */
export async function builtEnginePath(dataDirectory: string, sources: string): Promise<string | undefined> {
  const digest = await sourceDigest(sources);
  if (digest === undefined) return undefined;
  return path.join(enginesFolder(dataDirectory), `${programVersion}-${digest}`, 'engine.so');
}

/** Kept while the process lives: files are checked at every key that is pressed, and a package does not change. */
const digests = new Map<string, Promise<string | undefined>>();

function sourceDigest(sources: string): Promise<string | undefined> {
  const known = digests.get(sources) ?? computeDigest(sources);
  digests.set(sources, known);
  return known;
}

async function computeDigest(sources: string): Promise<string | undefined> {
  // Homes are shared by machines of several kinds.
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  try {
    for (const name of (await readdir(sources)).sort()) {
      const content = await readFile(path.join(sources, name));
      hash.update(`${name} ${content.length}\n`).update(new Uint8Array(content));
    }
  } catch {
    return undefined;
  }
  return hash.digest('hex').slice(0, 16);
}
