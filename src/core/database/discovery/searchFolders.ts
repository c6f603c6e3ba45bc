import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';

/** Files that may tell of databases. */
export interface FoundFiles {
  /** SmartSim's records of experiments. */
  readonly manifests: readonly string[];
  /** Outputs of programs. */
  readonly outputs: readonly string[];
}

/** How much of the folders is looked at. A search that comes to one of its ends tells what it has. */
export interface SearchBounds {
  /** Levels below the folders. */
  readonly depth: number;
  readonly folders: number;
  readonly entries: number;
  readonly files: number;
  readonly milliseconds: number;
}

export const usualSearch: SearchBounds = {
  depth: 12,
  folders: 5000,
  entries: 100_000,
  files: 200,
  milliseconds: 1500,
};

/** Large, and never an experiment's. */
const passedOver = new Set(['node_modules', 'site-packages', '__pycache__']);
/** SmartSim's own; of hidden folders this one alone is looked into. */
const record = '.smartsim';

/**
 * Searches folders for what SmartSim leaves there, level by level, SmartSim's own folders first. Follows no symbolic links;
 * what cannot be read is passed over.
 */
export async function searchFolders(
  folders: readonly string[],
  bounds: SearchBounds,
  signal: AbortSignal,
): Promise<FoundFiles> {
  const end = performance.now() + bounds.milliseconds;
  const manifests: string[] = [];
  const outputs: string[] = [];
  const waiting = folders.map((folder) => ({ folder, depth: 0 }));
  let entries = 0;
  for (let looked = 0; looked < bounds.folders; looked += 1) {
    const next = waiting.shift();
    if (next === undefined) break;
    for await (const entry of entriesOf(next.folder)) {
      entries += 1;
      if (entries > bounds.entries || signal.aborted || performance.now() > end)
        return { manifests, outputs };
      const place = path.join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < bounds.depth && isLookedInto(place)) {
        const below = { folder: place, depth: next.depth + 1 };
        if (place.includes(`${path.sep}${record}`)) waiting.unshift(below);
        else waiting.push(below);
      } else if (entry.isFile()) {
        if (isManifest(place) && manifests.length < bounds.files) manifests.push(place);
        if (entry.name.endsWith('.out') && outputs.length < bounds.files) outputs.push(place);
      }
    }
  }
  return { manifests, outputs };
}

/** Until the folder cannot be read any further: it may go away meanwhile. */
async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder, { bufferSize: 256 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function isLookedInto(folder: string): boolean {
  const name = path.basename(folder);
  // Our own runs are known otherwise.
  if (path.basename(path.dirname(folder)) === record) return name === 'telemetry';
  return name === record || (!name.startsWith('.') && !passedOver.has(name));
}

function isManifest(file: string): boolean {
  return file.endsWith(path.join(record, 'telemetry', 'manifest.json'));
}
