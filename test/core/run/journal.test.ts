import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedEvent } from '../../../src/core/deployment/runEvents';
import { Journal, journalName, parseJournal, readJournal } from '../../../src/core/run/journal';
import { planOf } from '../../support/planOf';
import { workDirectory } from '../../support/workDirectory';

const plan = planOf({ directory: '/somewhere', runId: 'r1' });
const first: RecordedEvent = { sequence: 1, at: 1, elapsedMs: 0, event: { type: 'run-planned', plan } };
const later: readonly RecordedEvent[] = [
  { sequence: 2, at: 2, elapsedMs: 1, event: { type: 'launch-finished' } },
  { sequence: 3, at: 3, elapsedMs: 2, event: { type: 'model-restart-requested', model: 'zwölf ∑ 模型\n' } },
  { sequence: 4, at: 4, elapsedMs: 3, event: { type: 'run-ended' } },
];

function written(): Uint8Array {
  const work = workDirectory();
  const journal = Journal.create(work.path, first);
  assert.ok(journal.ok);
  for (const event of later) assert.equal(journal.value.append(event), undefined);
  journal.value.close();
  const bytes = new Uint8Array(readFileSync(path.join(work.path, journalName)));
  work.remove();
  return bytes;
}

describe('the journal', () => {
  it('gives back what was written, and is private', async () => {
    const work = workDirectory();
    const journal = Journal.create(work.path, first);
    assert.ok(journal.ok);
    for (const event of later) journal.value.append(event);
    assert.equal(await journal.value.flush(), undefined);
    journal.value.close();
    assert.equal(statSync(path.join(work.path, journalName)).mode & 0o777, 0o600);
    const read = await readJournal(work.path);
    assert.ok(read.ok);
    assert.deepEqual(read.value.events, [first, ...later]);
    assert.deepEqual(
      [read.value.damaged, read.value.torn, read.value.newer, read.problems],
      [[], false, false, []],
    );
    work.remove();
  });

  it('is not made twice', () => {
    const work = workDirectory();
    const journal = Journal.create(work.path, first);
    assert.ok(journal.ok);
    assert.equal(Journal.create(work.path, first).ok, false);
    journal.value.close();
    work.remove();
  });

  it('reads all whole lines of a journal cut at any byte', () => {
    const bytes = written();
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1);
    for (let length = 0; length <= bytes.length; length++) {
      const read = parseJournal('j', bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length;
      if (whole === 0) assert.equal(read.ok, false, `cut at ${length}`);
      else {
        assert.ok(read.ok, `cut at ${length}`);
        assert.deepEqual(read.value.events, [first, ...later].slice(0, whole), `cut at ${length}`);
        assert.deepEqual(read.value.damaged, []);
        assert.equal(read.value.torn, !ends.includes(length));
        assert.equal(read.value.end, ends[whole - 1]);
      }
    }
  });

  it('notices a flipped bit anywhere, and leaves out the line, and no other', () => {
    const bytes = written();
    const firstEnd = bytes.indexOf(10) + 1;
    for (let index = 0; index < bytes.length; index++) {
      const flipped = bytes.slice();
      flipped[index]! ^= 1 << (index % 8);
      const read = parseJournal('j', flipped);
      if (index < firstEnd) {
        assert.equal(read.ok, false, `byte ${index}`);
        continue;
      }
      assert.ok(read.ok, `byte ${index}`);
      const events = read.value.events.map(({ sequence }) => sequence);
      const lost = [1, 2, 3, 4].filter((sequence) => !events.includes(sequence));
      // A line feed that is gone joins two lines; one that appears splits a line.
      assert.ok(
        lost.length === 1 || (bytes[index] === 10 && lost.length <= 2),
        `byte ${index}: ${lost.join()}`,
      );
      assert.ok(read.value.damaged.length > 0 || read.value.torn, `byte ${index}`);
      for (const event of read.value.events) {
        assert.deepEqual(event, [first, ...later][event.sequence - 1], `byte ${index}`);
      }
    }
  });

  it('says which line is damaged', () => {
    const bytes = written();
    bytes[bytes.indexOf(10) + 30]! ^= 1;
    const read = parseJournal('j', bytes);
    assert.ok(read.ok);
    assert.deepEqual(read.value.damaged, [2]);
    assert.equal(read.problems[0]?.code, 'journal-damaged');
  });

  it('goes on after a torn line, without it', async () => {
    const work = workDirectory();
    const journal = Journal.create(work.path, first);
    assert.ok(journal.ok);
    journal.value.append(later[0]!);
    journal.value.close();
    const file = path.join(work.path, journalName);
    truncateSync(file, statSync(file).size - 5);
    const torn = await readJournal(work.path);
    assert.ok(torn.ok && torn.value.torn);
    const again = Journal.open(work.path, torn.value);
    assert.ok(again.ok);
    assert.equal(again.value.append(later[0]!), undefined);
    again.value.close();
    const read = await readJournal(work.path);
    assert.ok(read.ok);
    assert.deepEqual(read.value.events, [first, later[0]]);
    assert.deepEqual([read.value.damaged, read.value.torn], [[], false]);
    work.remove();
  });

  it('reads what it knows of a newer journal, and says that it is newer', () => {
    const work = workDirectory();
    const file = path.join(work.path, journalName);
    const journal = Journal.create(work.path, { ...first, ...{ format: 2 } });
    assert.ok(journal.ok);
    const unknown = { ...later[0]!, event: { type: 'invented-later' } } as unknown as RecordedEvent;
    journal.value.append(unknown);
    journal.value.append(later[2]!);
    journal.value.close();
    const read = parseJournal('j', new Uint8Array(readFileSync(file)));
    assert.ok(read.ok);
    assert.equal(read.value.newer, true);
    assert.deepEqual(
      read.value.events.map(({ event }) => event.type),
      ['run-planned', 'run-ended'],
    );
    work.remove();
  });

  it('refuses what is no journal, with a reason', async () => {
    const work = workDirectory();
    const missing = await readJournal(work.path);
    assert.ok(!missing.ok);
    writeFileSync(path.join(work.path, journalName), 'hello\n');
    appendFileSync(path.join(work.path, journalName), new Uint8Array(written()));
    const read = await readJournal(work.path);
    assert.ok(!read.ok);
    assert.equal(read.problems[0]?.code, 'journal-unreadable');
    work.remove();
  });
});
