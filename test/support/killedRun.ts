import assert from 'node:assert/strict';
import type { RunEvent } from '../../src/core/deployment/runEvents';
import type { RunSnapshot } from '../../src/core/deployment/runSnapshot';
import { messageOf } from '../../src/core/base/problem';
import { adoptRun } from '../../src/core/run/adoptRun';
import { readJournal } from '../../src/core/run/journal';
import { openRun } from '../../src/core/run/openRun';
import type { Run } from '../../src/core/run/run';
import type { RunRecord } from '../../src/core/run/runRecord';
import { leftovers, type LeftoverProcess } from '../oracle/leftovers.mjs';
import { recordedRuns, startOptions, until } from './startedRun';
import type { WorkDirectory } from './workDirectory';

/** The events of a run, by its journal. */
export async function journaled(runDirectory: string): Promise<readonly RunEvent[]> {
  const content = await readJournal(runDirectory);
  assert.ok(content.ok, content.problems.map(messageOf).join());
  return content.value.events.map(({ event }) => event);
}

/** No record stays without a verdict: what was to be started was or was not, what was started has ended, and the run is over. */
export async function assertVerdicts(runDirectory: string): Promise<void> {
  const open = new Map<string, string>();
  const events = await journaled(runDirectory);
  for (const event of events) {
    if (event.type === 'process-intended') open.set(event.entity.name, 'intended');
    if (event.type === 'process-started') open.set(event.entity.name, 'started');
    if (event.type === 'process-exited' || event.type === 'process-not-started')
      open.delete(event.entity.name);
  }
  assert.deepEqual([...open], [], 'records without a verdict');
  assert.equal(events.at(-1)?.type, 'run-ended');
  assert.equal(events.filter(({ type }) => type === 'run-ended').length, 1);
}

/** What is shown of a run is true: compared with `/proc` by the independent checker, until both are quiet. */
export async function assertShownTruly(record: RunRecord): Promise<RunSnapshot> {
  let difference: readonly string[] = [];
  let snapshot: RunSnapshot | undefined;
  try {
    await until('a true state', async () => {
      const run = await openRun(record);
      ({ snapshot } = run);
      run.dispose();
      difference = differences(snapshot, entitiesLiving(record.id));
      return difference.length === 0;
    });
  } catch {
    assert.fail(`shown wrongly: ${difference.join('; ')}`);
  }
  return snapshot!;
}

function entitiesLiving(runId: string): readonly LeftoverProcess[] {
  return leftovers({ runId }).processes.filter(({ entity }) => entity !== undefined);
}

function differences(snapshot: RunSnapshot, living: readonly LeftoverProcess[]): readonly string[] {
  const entities = [...snapshot.orchestrators.flatMap(({ shards }) => shards), ...snapshot.models];
  const running = new Map(
    entities.flatMap(({ name, status, identity }) =>
      status === 'Running' ? [[name, identity?.pid] as const] : [],
    ),
  );
  const words = snapshot.cause === undefined ? '' : messageOf(snapshot.cause);
  const found: string[] = [];
  for (const [name, pid] of running) {
    if (!living.some((process) => process.pid === pid))
      found.push(`${name} is shown as process ${pid ?? ''}`);
  }
  for (const { pid, session, entity = '' } of living) {
    const known = pid === session ? running.get(entity) === pid : running.has(entity);
    const left = snapshot.phase !== 'lost' && !running.has(entity) && pid !== session;
    if (!known && !left && !words.includes(`(process ${pid})`)) found.push(`${entity} ${pid} is not shown`);
  }
  if (snapshot.endedAt !== undefined && living.length > 0) found.push('it is shown as over');
  return found;
}

/** Nobody with the marker of the run is a supervisor any more. */
export async function untilNoSupervisor(runId: string): Promise<void> {
  await until('the end of the supervisor', () =>
    leftovers({ runId }).processes.every(({ entity }) => entity !== undefined),
  );
}

/** Adopts the run of a record, with a fault in the new supervisor if one is named. */
export async function adopted(
  record: RunRecord,
  work: WorkDirectory,
  fault?: string,
): Promise<Run | undefined> {
  const environment = fault === undefined ? process.env : { ...process.env, SSW_FAULT: fault };
  const run = await adoptRun(record, startOptions(work, { environment }));
  if (fault === undefined) assert.ok(run.ok, run.problems.map(messageOf).join());
  return run.ok ? run.value : undefined;
}

/** The only record in the index; undefined when there is none. */
export async function onlyRecord(work: WorkDirectory): Promise<RunRecord | undefined> {
  const records = await recordedRuns(work);
  assert.ok(records.length <= 1);
  return records[0];
}
