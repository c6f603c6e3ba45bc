import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import type { DeploymentPlan } from '../../../src/core/plan/deploymentPlan';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { freePort } from '../../support/freePort';
import { planOf } from '../../support/planOf';
import { projectRoot } from '../../support/projectRoot';
import { assertNothingLeft, fixtureModel, startedRun, until } from '../../support/startedRun';
import { workDirectory } from '../../support/workDirectory';

/** What a client of protocol 1 sent, byte for byte, and what it read of the answer. Never changed. */
interface Exchange {
  readonly request: string;
  /** Texts `text` and numbers `1` stand for any of their kind; all else must be so. */
  readonly result: object;
}

const fixture = path.join(projectRoot, 'test/fixtures/protocol/protocol-1.transcript.json');
const transcript = JSON.parse(readFileSync(fixture, 'utf8')) as readonly Exchange[];

describe('protocol 1, which is frozen', () => {
  it('is answered by the supervisor of today as its clients have known it', async () => {
    const work = workDirectory();
    const plan: DeploymentPlan = planOf({
      directory: work.path,
      port: await freePort(),
      models: [{ name: 'sim', argv: fixtureModel('wait') }],
    });
    const run = await startedRun(plan, work);
    try {
      assert.ok((await untilLaunched(run)).ok);
      const socket = connect({ path: run.snapshot.socket! });
      const answers = answersOn(socket);
      for (const [id, { request, result }] of transcript.entries()) {
        socket.write(request);
        await until(`the answer to ${request}`, () => answers.has(id));
        assertKnown(answers.get(id), { jsonrpc: '2.0', id, result }, 'answer');
      }
      socket.destroy();
    } finally {
      run.dispose();
      await assertNothingLeft(plan);
      work.remove();
    }
  });

  it('the control: an answer that lacks a field is noticed', () => {
    assert.throws(() => {
      assertKnown({ run: { id: 'x' } }, { run: { id: 'text', phase: 'ready' } }, 'answer');
    }, /answer\.run\.phase/);
  });
});

/** Answers by their id, as they come in. Frames are taken apart by hand: a library could be changed on both sides. */
function answersOn(socket: Socket): ReadonlyMap<number, unknown> {
  const answers = new Map<number, unknown>();
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(rest);
      if (head === null) {
        assert.doesNotMatch(rest, /\r\n\r\n/, 'the head of a message has this one field');
        return;
      }
      const end = head[0].length + Number(head[1]);
      if (rest.length < end) return;
      const message = JSON.parse(rest.slice(head[0].length, end)) as { id?: number };
      rest = rest.slice(end);
      if (message.id !== undefined) answers.set(message.id, message);
    }
  });
  return answers;
}

/** All that is known is there; what is new may be beside it. */
function assertKnown(actual: unknown, known: unknown, place: string): void {
  if (known === 'text' || known === 1) {
    assert.equal(typeof actual, typeof known, place);
    return;
  }
  if (typeof known !== 'object' || known === null) {
    assert.equal(actual, known, place);
    return;
  }
  assert.ok(typeof actual === 'object' && actual !== null, place);
  assert.equal(Array.isArray(actual), Array.isArray(known), place);
  for (const [name, value] of Object.entries(known)) {
    assertKnown((actual as Record<string, unknown>)[name], value, `${place}.${name}`);
  }
}
