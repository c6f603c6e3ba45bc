import { stateOfProcess } from '../launch/processIdentity';
import { readJournal } from './journal';
import { runFromJournal } from './runFromJournal';
import { knownOwner } from './runOwnership';
import type { RunRecord } from './runRecord';

/**
 * When a run ended, as wall-clock milliseconds, if it is proved that nothing of it lives and that nobody can go on
 * with it; else undefined: it lives, may live on another host, was written by a newer version, or cannot be read.
 * `living`: ids of the runs of which a process lives here.
 */
export async function whenEnded(
  { id, runDirectory, starter }: RunRecord,
  living: ReadonlySet<string>,
): Promise<number | undefined> {
  if (living.has(id)) return undefined;
  const content = await readJournal(runDirectory);
  if (!content.ok || content.value.newer) return undefined;
  const run = await runFromJournal(runDirectory, starter);
  if (!run.ok) return undefined;
  const { supervisor, endedAt, cause } = run.value;
  const owner = knownOwner(runDirectory);
  const responsible = [supervisor, owner, starter].filter((identity) => identity !== undefined);
  if (responsible.some((identity) => stateOfProcess(identity) === 'elsewhere')) return undefined;
  if (owner !== undefined && stateOfProcess(owner) === 'alive') return undefined;
  if (endedAt !== undefined) return endedAt;
  // Its supervisor was killed, and all of its processes have ended since: the record is the last that was heard of it.
  return cause?.code === 'run-lost' ? content.value.events.at(-1)?.at : undefined;
}
