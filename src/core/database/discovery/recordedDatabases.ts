import { access } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import { addressTarget } from './addressTarget';
import type { FoundDatabase } from './foundDatabase';
import { manifestDatabases, type ManifestDatabase } from './manifestDatabases';
import { readBeginning } from './readBeginning';

/** Bytes. A record of a thousand starts is smaller. */
const largestManifest = 16 * 1024 ** 2;
/** SmartSim writes its record in place: who reads at that moment reads a half. Milliseconds until further attempts. */
const pausesMs = [100, 400];

/** The databases in SmartSim's record of an experiment, without those whose end it has noted; newest first. */
export async function recordedDatabases(file: string): Promise<Result<readonly FoundDatabase[]>> {
  const recorded = await readManifest(file);
  if (!recorded.ok) return recorded;
  const open = await Promise.all(
    recorded.value.map(async (database) => !(await hasEnded(database, path.dirname(file)))),
  );
  return success(
    recorded.value
      .filter((_, place) => open[place])
      .map(({ endpoints, name }) => ({
        target: addressTarget({ endpoints }, name),
        origins: [{ kind: 'manifest', file }],
      })),
  );
}

async function readManifest(file: string): Promise<Result<readonly ManifestDatabase[]>> {
  for (const wait of [...pausesMs, undefined]) {
    const databases = manifestDatabases(jsonOf(await readBeginning(file, largestManifest)));
    if (databases !== undefined) return success(databases);
    if (wait !== undefined) await pause(wait);
  }
  return failure(problem('manifest-malformed', {}, { place: { file } }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each of its servers has ended, as far as SmartSim has seen it. */
async function hasEnded({ statusFolders }: ManifestDatabase, root: string): Promise<boolean> {
  const ends = await Promise.all(
    statusFolders.map((folder) =>
      access(path.join(root, folder, 'stop.json')).then(
        () => true,
        () => false,
      ),
    ),
  );
  return ends.length > 0 && ends.every(Boolean);
}
