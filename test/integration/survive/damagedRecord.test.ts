import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedEvent, RunEvent } from '../../../src/core/deployment/runEvents';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { Journal, parseJournal, readJournal } from '../../../src/core/run/journal';
import { missingEvents } from '../../../src/core/run/recovery';
import { replay } from '../../../src/core/run/runFromJournal';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { freePort } from '../../support/freePort';
import { planOf } from '../../support/planOf';
import { assertNothingLeft, fixtureModel, startedRun } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** What the end of the run adds to a record that was recovered. */
const ended: RunEvent = { type: 'run-ended' };

describe('the record of a run', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let plan: DeploymentPlan;
  let journal: string;
  let whole: Uint8Array;
  let events: readonly RecordedEvent[];

  before(async () => {
    work = workDirectory();
    plan = planOf({
      directory: work.path,
      port: await freePort(),
      models: [{ name: 'sim', argv: fixtureModel('wait') }],
    });
    const run = await startedRun(plan, work);
    assert.ok((await untilLaunched(run)).ok);
    assert.ok((await run.stop()).ok);
    run.dispose();
    await assertNothingLeft(plan);
    journal = path.join(plan.runDirectory, 'journal.jsonl');
    whole = new Uint8Array(readFileSync(journal));
    const content = parseJournal(journal, whole);
    assert.ok(content.ok);
    ({ events } = content.value);
    assert.equal(events.at(-1)?.event.type, 'run-ended');
  });
  after(() => {
    work.remove();
  });

  /** Recovers what these bytes are read as, and writes on; gives how it is read then, and how many lines were damaged before. */
  async function recovered(
    bytes: Uint8Array,
    what: string,
  ): Promise<{ read: readonly RecordedEvent[]; added: number; damaged: number } | undefined> {
    writeFileSync(journal, bytes);
    const content = parseJournal(journal, bytes);
    if (!content.ok) {
      assert.equal(content.problems[0]?.code, 'journal-unreadable', what);
      return undefined;
    }
    const added = [...missingEvents(plan.runId, content.value.events), ended];
    const opened = Journal.open(plan.runDirectory, content.value);
    assert.ok(opened.ok, what);
    let { sequence } = content.value.events.at(-1)!;
    for (const event of added) {
      sequence += 1;
      assert.equal(opened.value.append({ sequence, at: 0, elapsedMs: 0, event }), undefined, what);
    }
    opened.value.close();
    const again = await readJournal(plan.runDirectory);
    assert.ok(again.ok, what);
    assert.equal(again.value.torn, false, what);
    assert.deepEqual(again.value.damaged, content.value.damaged, `${what}: nothing is damaged by writing on`);
    assertVerdicts(again.value.events, what);
    return { read: again.value.events, added: added.length, damaged: again.value.damaged.length };
  }

  it('that is cut at any byte keeps its whole lines, gives every process its verdict, and is written on', async () => {
    const lines = [...whole.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1);
    for (let length = 0; length <= whole.length; length += 1) {
      const kept = lines.filter((end) => end <= length).length;
      const found = await recovered(whole.subarray(0, length), `cut at ${length}`);
      assert.equal(found === undefined, kept === 0, `cut at ${length}`);
      if (found === undefined) continue;
      assert.equal(found.damaged, 0, `cut at ${length}`);
      assert.equal(found.read.length, kept + found.added, `cut at ${length}`);
      assert.deepEqual(found.read.slice(0, kept), events.slice(0, kept), `cut at ${length}`);
    }
  });

  it('of which any byte is flipped loses that line and no other, gives every process its verdict, and is written on', async () => {
    const endOfPlan = whole.indexOf(10) + 1;
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= 1 << (at % 8);
      const found = await recovered(bytes, `flipped at ${at}`);
      assert.equal(found === undefined, at < endOfPlan, `flipped at ${at}`);
      if (found === undefined) continue;
      const kept = found.read.slice(0, found.read.length - found.added);
      // A line feed that is gone joins two lines.
      assert.ok(events.length - kept.length <= (whole[at] === 10 ? 2 : 1), `flipped at ${at}`);
      for (const event of kept) assert.deepEqual(event, events[event.sequence - 1], `flipped at ${at}`);
    }
  });
});

/** Whatever was to be started, or was, has its end, and nothing is shown as running. */
function assertVerdicts(events: readonly RecordedEvent[], what: string): void {
  const open = new Set<string>();
  for (const { event } of events) {
    if (event.type === 'process-intended' || event.type === 'process-started') open.add(event.entity.name);
    if (event.type === 'process-exited' || event.type === 'process-not-started')
      open.delete(event.entity.name);
  }
  assert.deepEqual([...open], [], what);
  const snapshot = replay(events)!;
  const entities = [...snapshot.orchestrators.flatMap(({ shards }) => shards), ...snapshot.models];
  assert.ok(!entities.some(({ status }) => status === 'Running'), what);
}
