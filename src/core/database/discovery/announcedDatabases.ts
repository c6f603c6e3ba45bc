import path from 'node:path';
import { addressTarget } from './addressTarget';
import { announcements, type Announcement } from './announcements';
import type { FoundDatabase } from './foundDatabase';
import { readBeginning } from './readBeginning';
import { shownName } from './shownName';

/** Bytes of an output. Shards are announced before anything else. */
const announcedWithin = 64 * 1024;

/** The databases whose shards are announced in outputs: before SmartSim has recorded them, or where it records nothing. */
export async function announcedDatabases(outputs: readonly string[]): Promise<readonly FoundDatabase[]> {
  const clusters = new Map<string, { readonly file: string; readonly shards: Announcement[] }>();
  for (const file of outputs) {
    for (const shard of announcements(await readBeginning(file, announcedWithin))) {
      const place = shard.clustered ? identifierOf(shard) : shard.shard;
      const key = `${folderOf(file)}\0${place}\0${String(shard.clustered)}`;
      const known = clusters.get(key) ?? { file, shards: [] };
      clusters.set(key, { ...known, shards: [...known.shards, shard] });
    }
  }
  return [...clusters.values()].map(({ file, shards }) => ({
    target: addressTarget(
      { endpoints: shards.map(({ endpoint }) => endpoint) },
      shownName(shards.map(identifierOf)[0] ?? ''),
    ),
    origins: [{ kind: 'announcement', file }],
  }));
}

/** `orchestrator` of `orchestrator_0`. */
function identifierOf({ shard }: Announcement): string {
  return shard.replace(/_\d+$/, '');
}

/** Shards of one cluster write into files side by side, or each into a folder of its own where SmartSim keeps their state. */
function folderOf(file: string): string {
  const folder = path.dirname(file);
  return path.basename(folder) === path.basename(file, '.out') ? path.dirname(folder) : folder;
}
