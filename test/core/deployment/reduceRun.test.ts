import assert from 'node:assert/strict';
import { problem } from '../../../src/core/base/problem';
import { reduceRun } from '../../../src/core/deployment/reduceRun';
import type { RunEvent } from '../../../src/core/deployment/runEvents';
import type { RunSnapshot } from '../../../src/core/deployment/runSnapshot';
import type { EntityReference, ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { planOf } from '../../support/planOf';

const plan = planOf({
  directory: '/somewhere',
  port: 6399,
  models: [
    { name: 'sim', argv: ['/sim'] },
    { name: 'follow', argv: ['/follow'] },
  ],
});
const shard: EntityReference = { kind: 'shard', name: 'orchestrator_0' };
const sim: EntityReference = { kind: 'model', name: 'sim' };
const follow: EntityReference = { kind: 'model', name: 'follow' };
const cause = problem('server-ended', { shard: 'orchestrator_0', ending: 'x', log: 'y' });

function identity(pid: number): ProcessIdentity {
  return { hostId: 'h', bootId: 'b', pidNamespace: 'n', pid, startTime: String(pid) };
}

const planned: RunEvent = { type: 'run-planned', plan };
const supervised: RunEvent = {
  type: 'supervisor-started',
  identity: identity(1),
  socket: '/s',
  version: '1',
};
const intended = (entity: EntityReference): RunEvent => ({ type: 'process-intended', entity, argv: [] });
const started = (entity: EntityReference, pid = 7): RunEvent => ({
  type: 'process-started',
  entity,
  identity: identity(pid),
});
const exited = (
  entity: EntityReference,
  more: { returnCode?: number | null; signal?: string; requested?: boolean; why?: typeof cause } = {},
): RunEvent => ({
  type: 'process-exited',
  entity,
  returnCode: more.signal === undefined ? (more.returnCode ?? 0) : null,
  signal: more.signal ?? null,
  requested: more.requested ?? false,
  ...(more.why === undefined ? {} : { cause: more.why }),
});
const ready = { type: 'orchestrator-ready', identifier: 'orchestrator', formationMs: 12 } satisfies RunEvent;
const finished: RunEvent = { type: 'launch-finished' };
const launched = [
  planned,
  supervised,
  intended(shard),
  started(shard),
  { type: 'shard-answered', shard: 'orchestrator_0', version: '7.2.4' } satisfies RunEvent,
  ready,
  intended(sim),
  started(sim),
  intended(follow),
  started(follow),
  finished,
];
const stopping: RunEvent = { type: 'stop-requested' };
const ended: RunEvent = { type: 'run-ended' };

/** The state after these events, which happen at 1, 2, 3 … milliseconds. */
function after(...events: readonly RunEvent[]): RunSnapshot {
  let snapshot: RunSnapshot | undefined;
  for (const [index, event] of events.entries()) {
    snapshot = reduceRun(snapshot, { sequence: index + 1, at: index + 1, elapsedMs: index, event });
  }
  return snapshot!;
}

/** Phases of run and orchestrator, then the statuses of shard and models. */
function summary({ phase, orchestrators, models }: RunSnapshot): string {
  const [orchestrator] = orchestrators;
  return [
    phase,
    orchestrator!.phase,
    orchestrator!.shards[0]!.status,
    ...models.map(({ status }) => status),
  ].join(' ');
}

describe('reduceRun', () => {
  it('follows a launch from the plan to ready', () => {
    const expected = [
      'planned planned New New New',
      'starting planned New New New',
      'starting starting New New New',
      'starting starting Running New New',
      'starting starting Running New New',
      'starting ready Running New New',
      'starting ready Running New New',
      'starting ready Running Running New',
      'starting ready Running Running New',
      'starting ready Running Running Running',
      'ready ready Running Running Running',
    ];
    for (const [index, text] of expected.entries()) {
      assert.equal(summary(after(...launched.slice(0, index + 1))), text, `after event ${index + 1}`);
    }
  });

  it('keeps what the events tell', () => {
    const snapshot = after(...launched);
    assert.equal(snapshot.sequence, launched.length);
    assert.equal(snapshot.socket, '/s');
    assert.equal(snapshot.orchestrators[0]!.formationMs, 12);
    assert.equal(snapshot.orchestrators[0]!.version, '7.2.4');
    assert.equal(snapshot.models[0]!.startedAt, 8);
    assert.deepEqual(snapshot.models[0]!.identity, identity(7));
  });

  it('follows an orderly stop', () => {
    const stop = [
      stopping,
      exited(sim, { signal: 'SIGTERM', requested: true }),
      exited(follow, { requested: true }),
      exited(shard, { requested: true }),
      ended,
    ];
    const expected = [
      'stopping stopping Running Running Running',
      'stopping stopping Running Cancelled Running',
      'stopping stopping Running Cancelled Cancelled',
      'stopping stopped Cancelled Cancelled Cancelled',
      'stopped stopped Cancelled Cancelled Cancelled',
    ];
    for (const [index, text] of expected.entries()) {
      assert.equal(summary(after(...launched, ...stop.slice(0, index + 1))), text);
    }
    assert.equal(after(...launched, ...stop).endedAt, launched.length + stop.length);
  });

  it('takes a return code of 0 as completed for a model, and never for a shard', () => {
    assert.equal(summary(after(...launched, exited(sim))), 'ready ready Running Completed Running');
    assert.equal(
      summary(after(...launched, exited(shard, { why: cause }))),
      'degraded failed Failed Running Running',
    );
  });

  it('is degraded with the cause when a model or the server fails', () => {
    const model = after(...launched, exited(sim, { returnCode: 3, why: cause }));
    assert.equal(summary(model), 'degraded ready Running Failed Running');
    assert.equal(model.cause, cause);
    assert.equal(model.models[0]!.returnCode, 3);
    const server = after(...launched, exited(shard, { signal: 'SIGKILL', why: cause }));
    assert.equal(server.cause, cause);
    assert.equal(server.orchestrators[0]!.shards[0]!.returnCode, null);
    assert.equal(server.orchestrators[0]!.shards[0]!.signal, 'SIGKILL');
  });

  it('is well again after the failed model was started again', () => {
    const failed = [...launched, exited(sim, { returnCode: 3, why: cause })];
    const again = after(
      ...failed,
      { type: 'model-restart-requested', model: 'sim' },
      intended(sim),
      started(sim, 99),
    );
    assert.equal(summary(again), 'ready ready Running Running Running');
    assert.equal(again.cause, undefined);
    const model = again.models[0]!;
    assert.deepEqual([model.cause, model.endedAt, model.returnCode], [undefined, undefined, undefined]);
    assert.ok(!('endedAt' in model));
    assert.equal(model.identity!.pid, 99);
  });

  it('ends as failed when its only server had failed, and as stopped when only a model had', () => {
    const withoutServer = after(
      ...launched,
      exited(shard, { signal: 'SIGKILL', why: cause }),
      stopping,
      exited(sim, { requested: true }),
      exited(follow, { requested: true }),
      ended,
    );
    assert.equal(summary(withoutServer), 'failed failed Failed Cancelled Cancelled');
    assert.equal(withoutServer.cause, cause);
    const withoutModel = after(
      ...launched,
      exited(sim, { returnCode: 1, why: cause }),
      stopping,
      exited(follow, { requested: true }),
      exited(shard, { requested: true }),
      ended,
    );
    assert.equal(summary(withoutModel), 'stopped stopped Cancelled Failed Cancelled');
  });

  it('ends as failed with the cause of a launch that did not come about', () => {
    const events = [planned, supervised, intended(shard), started(shard), exited(shard, { why: cause })];
    assert.equal(summary(after(...events)), 'starting failed Failed New New');
    const failed: RunEvent = { type: 'launch-failed', cause };
    assert.equal(summary(after(...events, failed)), 'failed failed Failed New New');
    const over = after(...events, failed, ended);
    assert.equal(summary(over), 'failed failed Failed NeverStarted NeverStarted');
    assert.equal(over.cause, cause);
  });

  it('ends as failed, the server stopped in order, when the launch is given up for another reason', () => {
    const failed: RunEvent = { type: 'launch-failed', cause };
    const events = [...launched.slice(0, 6), failed];
    assert.equal(summary(after(...events)), 'failed stopping Running New New');
    const over = after(...events, exited(shard, { requested: true }), ended);
    assert.equal(summary(over), 'failed stopped Cancelled NeverStarted NeverStarted');
  });

  describe('with processes that do not end', () => {
    const left = problem('processes-not-ended', { processes: 'sim (process 7) runs as another user' });
    const refused: RunEvent = { type: 'end-refused', names: ['sim'], cause: left };
    const completed: RunEvent = { type: 'end-completed', names: ['sim'] };

    it('stays stopping because of them, and forgets them when they are gone', () => {
      const stuck = after(...launched, stopping, exited(shard, { requested: true }), refused);
      assert.equal(stuck.phase, 'stopping');
      assert.equal(stuck.cause, left);
      assert.equal(stuck.unended, left);
      for (const last of [completed, ended]) {
        const { cause: why, unended } = after(...launched, stopping, refused, last);
        assert.deepEqual({ why, unended }, { why: undefined, unended: undefined });
      }
    });

    it('keeps the cause of a launch that has failed beside them', () => {
      const failed: RunEvent = { type: 'launch-failed', cause };
      const stuck = after(...launched.slice(0, 6), failed, refused);
      assert.equal(stuck.cause, cause);
      assert.equal(stuck.unended, left);
      assert.equal(after(...launched.slice(0, 6), failed, refused, completed, ended).cause, cause);
    });

    it('tells them in a restart, and anew when the run is stopped', () => {
      const restarting = after(...launched, refused);
      assert.equal(restarting.phase, 'ready');
      assert.equal(restarting.unended, left);
      assert.equal(after(...launched, refused, stopping).unended, undefined);
    });
  });

  for (let count = 2; count < launched.length; count++) {
    it(`is stopped, not failed, when it is stopped after ${count} events of the launch`, () => {
      const events = launched.slice(0, count);
      const running = [shard, sim, follow].filter((entity) =>
        events.some((event) => event.type === 'process-started' && event.entity === entity),
      );
      const over = after(
        ...events,
        stopping,
        ...running.map((entity) => exited(entity, { requested: true })),
        ended,
      );
      assert.equal(over.phase, 'stopped');
      assert.equal(over.orchestrators[0]!.phase, 'stopped');
      const statuses = [over.orchestrators[0]!.shards[0]!, ...over.models].map(({ status }) => status);
      assert.ok(statuses.every((status) => status === 'Cancelled' || status === 'NeverStarted'));
    });
  }

  it('marks a model that was skipped or could not be started, and stays degraded', () => {
    const skipped = after(
      ...launched.slice(0, 6),
      { type: 'process-not-started', entity: sim, cause },
      { type: 'model-skipped', model: 'follow', cause },
      finished,
    );
    assert.equal(summary(skipped), 'degraded ready Running Failed NeverStarted');
    assert.equal(skipped.models[0]!.cause, cause);
  });

  it('puts measurements to their shards and keeps the sequence', () => {
    const before = after(...launched);
    const measured = reduceRun(before, {
      sequence: before.sequence,
      at: 99,
      elapsedMs: 99,
      event: {
        type: 'shards-measured',
        measurements: [
          { shard: 'orchestrator_0', usedMemory: 5, clients: 2, keys: 3 },
          { shard: 'nobody', usedMemory: 1, clients: 1, keys: 1 },
        ],
      },
    });
    const [found] = measured.orchestrators[0]!.shards;
    assert.deepEqual([found!.usedMemory, found!.clients, found!.keys], [5, 2, 3]);
    assert.equal(measured.sequence, before.sequence);
  });

  describe('with findings of a look', () => {
    const silent = problem('shard-not-answering', { shard: 'orchestrator_0', since: 's', pid: 7 });
    const figures = { shard: 'orchestrator_0', usedMemory: 5, clients: 2, keys: 3 };
    const found: RunEvent = { type: 'shards-measured', measurements: [figures] };
    const notAnswering: RunEvent = {
      type: 'shards-measured',
      measurements: [],
      findings: [{ shard: 'orchestrator_0', cause: silent, notAnsweringSince: 44 }],
    };

    it('is degraded while a shard does not answer, with its cause and without old figures, and then ready again', () => {
      const quiet = after(...launched, found, notAnswering);
      const [shardThen] = quiet.orchestrators[0]!.shards;
      assert.equal(summary(quiet), 'degraded degraded Running Running Running');
      assert.deepEqual([quiet.cause, shardThen!.cause, shardThen!.notAnsweringSince], [silent, silent, 44]);
      assert.equal(shardThen!.keys, undefined);
      const back = after(...launched, found, notAnswering, found);
      assert.equal(summary(back), 'ready ready Running Running Running');
      assert.equal(back.cause, undefined);
      assert.deepEqual(back.orchestrators, after(...launched, found).orchestrators);
    });

    it('tells what has failed before what does not answer', () => {
      const both = after(...launched, notAnswering, exited(sim, { returnCode: 1, why: cause }));
      assert.equal(both.cause, cause);
    });

    it('says of a shard that ended only how it ended', () => {
      const [dead] = after(...launched, notAnswering, exited(shard, { signal: 'SIGKILL', why: cause }))
        .orchestrators[0]!.shards;
      assert.deepEqual([dead!.status, dead!.cause, dead!.notAnsweringSince], ['Failed', cause, undefined]);
      const late = after(...launched, exited(shard, { why: cause }), notAnswering, found);
      assert.deepEqual(late.orchestrators, after(...launched, exited(shard, { why: cause })).orchestrators);
      const stopped = after(...launched, notAnswering, stopping, exited(shard, { requested: true }));
      assert.equal(stopped.orchestrators[0]!.shards[0]!.cause, undefined);
    });

    it('shows that a shard refuses writes until it does not', () => {
      const full = problem('shard-refuses-writes', { shard: 'orchestrator_0', bytes: 5 });
      const refusing: RunEvent = {
        type: 'shards-measured',
        measurements: [{ ...figures, refusesWrites: true }],
        findings: [{ shard: 'orchestrator_0', cause: full }],
      };
      const now = after(...launched, refusing);
      assert.equal(summary(now), 'degraded degraded Running Running Running');
      const [first] = now.orchestrators[0]!.shards;
      assert.deepEqual([first!.refusingWrites, first!.keys], [true, 3]);
      assert.equal(
        after(...launched, refusing, found).orchestrators[0]!.shards[0]!.refusingWrites,
        undefined,
      );
    });

    it('leaves a run that starts or stops in its phase', () => {
      assert.equal(after(...launched.slice(0, 5), notAnswering).orchestrators[0]!.phase, 'starting');
      assert.equal(after(...launched, stopping, notAnswering).phase, 'stopping');
    });
  });

  it('is forming while a cluster is made, and then has the slots that its shards reported', () => {
    const answered = launched.slice(0, 5);
    const forming: RunEvent = { type: 'cluster-forming', identifier: 'orchestrator' };
    assert.equal(after(...answered, forming).orchestrators[0]!.phase, 'forming');
    assert.deepEqual(after(...answered, forming).orchestrators[0]!.shards[0]!.slots, []);
    const formed: RunEvent = { ...ready, slots: [{ shard: 'orchestrator_0', slots: [[0, 5460]] }] };
    const [orchestrator] = after(...answered, forming, formed).orchestrators;
    assert.deepEqual([orchestrator!.phase, orchestrator!.shards[0]!.slots], ['ready', [[0, 5460]]]);
    const died = after(...answered, forming, exited(shard, { signal: 'SIGKILL', why: cause }));
    assert.equal(died.orchestrators[0]!.phase, 'failed');
  });

  it('keeps a cluster that is mended in its phase', () => {
    const forming: RunEvent = { type: 'cluster-forming', identifier: 'orchestrator' };
    assert.equal(after(...launched, finished, forming).orchestrators[0]!.phase, 'ready');
  });

  it('is failed when every model of a run without an orchestrator failed', () => {
    const alone = planOf({ directory: '/somewhere', models: [{ name: 'sim', argv: ['/sim'] }] });
    const events: RunEvent[] = [{ type: 'run-planned', plan: alone }, supervised, started(sim), finished];
    assert.equal(after(...events, exited(sim, { returnCode: 1, why: cause }), ended).phase, 'failed');
    assert.equal(after(...events, exited(sim), ended).phase, 'stopped');
  });

  it('changes nothing of the state that it is given', () => {
    const before = after(...launched);
    const copy = structuredClone(before);
    reduceRun(before, { sequence: 99, at: 99, elapsedMs: 99, event: exited(shard, { why: cause }) });
    assert.deepEqual(before, copy);
  });

  it('takes an event without a plan before it as a bug', () => {
    assert.throws(
      () => reduceRun(undefined, { sequence: 1, at: 1, elapsedMs: 0, event: finished }),
      /run-planned/,
    );
  });
});
