import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedEvent } from '../../../src/core/deployment/runEvents';
import { readJournal } from '../../../src/core/run/journal';
import { freePort } from '../../support/freePort';
import { ownedRun } from '../../support/ownedRun';
import { planOf } from '../../support/planOf';
import { projectRoot } from '../../support/projectRoot';
import { assertNothingLeft, fixtureModel } from '../../support/startedRun';
import { workDirectory } from '../../support/workDirectory';

const hour = 3_600_000;

describe('a wall clock that jumps', () => {
  const real = Date.now;
  afterEach(() => {
    Date.now = real;
  });

  for (const jump of [hour, -hour]) {
    it(`by ${jump > 0 ? 'an hour ahead' : 'an hour back'} at each step fires no limit and turns no order round`, async () => {
      const work = workDirectory();
      const plan = planOf({
        directory: work.path,
        port: await freePort(),
        models: [{ name: 'sim', argv: fixtureModel('wait') }],
      });
      let offset = 0;
      Date.now = () => real() + offset;
      const { owner, recorder, journal } = await ownedRun(plan, () => {
        offset += jump;
      });
      await owner.launch();
      assert.equal(recorder.snapshot.phase, 'ready', JSON.stringify(recorder.snapshot.cause));
      await owner.stop();
      journal.close();
      assert.equal(recorder.snapshot.phase, 'stopped');
      assert.equal(recorder.snapshot.orchestrators[0]!.shards[0]!.returnCode, 0, 'nothing had to kill it');
      const content = await readJournal(plan.runDirectory);
      assert.ok(content.ok);
      assertInOrder(content.value.events.slice(1));
      await assertNothingLeft(plan);
      work.remove();
    });
  }

  it('is asked by nothing that waits: its time is written down, and no more', () => {
    const folder = path.join(projectRoot, 'src/core/launch');
    const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        name.endsWith('.ts') && /Date\.now|new Date/.test(readFileSync(path.join(folder, name), 'utf8')),
    );
    assert.deepEqual(asking, []);
  });
});

/** By numbers and by monotonic time, whatever the wall clock said. */
function assertInOrder(events: readonly RecordedEvent[]): void {
  assert.ok(
    events.some(({ at }, index) => Math.abs(at - (events[index - 1]?.at ?? at)) > hour / 2),
    'it jumped',
  );
  for (const [index, { sequence, elapsedMs }] of events.entries()) {
    const before = events[index - 1];
    if (before === undefined) continue;
    assert.equal(sequence, before.sequence + 1);
    assert.ok(elapsedMs >= before.elapsedMs);
  }
}
