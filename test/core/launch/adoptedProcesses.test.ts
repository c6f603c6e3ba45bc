import assert from 'node:assert/strict';
import { silentLog } from '../../../src/core/base/log';
import { AdoptedProcesses } from '../../../src/core/launch/adoptedProcesses';
import { defaultLimits, type LaunchContext } from '../../../src/core/launch/launchContext';
import type { ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { identify } from '../../../src/core/launch/processIdentity';
import { planOf } from '../../support/planOf';

describe('processes of a run that was adopted', () => {
  let adopted: AdoptedProcesses;
  let context: LaunchContext;
  let looks: number;
  /** The one that waits to be made. */
  let next: { readonly look: () => void; readonly after: number; readonly unref: () => void } | undefined;
  const { setTimeout, clearTimeout } = globalThis;
  beforeEach(() => {
    Object.assign(globalThis, {
      setTimeout: (look: () => void, after: number) => (next = { look, after, unref: () => undefined }),
      clearTimeout: (cleared: unknown) => {
        if (cleared === next) next = undefined;
      },
    });
    next = undefined;
    looks = 0;
    context = {
      plan: planOf({ directory: '/data' }),
      environment: {},
      credentials: undefined,
      emit: () => undefined,
      processes: new Map(),
      connections: new Map(),
      portTakenBy: () => Promise.resolve(undefined),
      limits: defaultLimits,
      log: silentLog,
      onStep: () => undefined,
    };
    adopted = new AdoptedProcesses(context);
  });
  afterEach(() => {
    adopted.dispose();
    Object.assign(globalThis, { setTimeout, clearTimeout });
  });

  /** Of this very process, and it counts how often somebody looks at it. */
  function counted(startTime = identify(process.pid)!.startTime): ProcessIdentity {
    return {
      ...identify(process.pid)!,
      get startTime() {
        looks += 1;
        return startTime;
      },
    };
  }

  function adoptMany(count: number): void {
    for (let number = 0; number < count; number += 1)
      adopted.adopt({ kind: 'shard', name: `orchestrator_${number}` }, counted());
  }

  /** Makes the next look; gives the milliseconds until the one after it. */
  function paceAfterLook(): number | undefined {
    const { look } = next!;
    look();
    return next?.after;
  }

  it('are looked at once, and not once for each connection that closes', () => {
    adoptMany(64);
    for (let closed = 0; closed < 64; closed += 1) adopted.expectEnd();
    assert.equal(looks, 0);
    assert.equal(next?.after, 10);
    paceAfterLook();
    assert.equal(looks, 64);
  });

  it('are looked at often for as long as somebody waits for an end, whoever else has waited', async () => {
    adoptMany(1);
    void adopted.hurriedUntil(new Promise(() => undefined));
    await adopted.hurriedUntil(Promise.resolve());
    assert.equal(paceAfterLook(), 10);
  });

  it('are looked at rarely when nobody waits any more', async () => {
    adoptMany(1);
    assert.equal(next?.after, 800);
    await adopted.hurriedUntil(Promise.resolve());
    assert.equal(paceAfterLook(), 800);
  });

  it('have ended when a look does not find them, and are looked at no more', async () => {
    adopted.adopt({ kind: 'model', name: 'sim' }, counted('1'));
    assert.equal(paceAfterLook(), undefined);
    const exit = await context.processes.get('sim')!.exitRecorded;
    assert.equal(exit.cause?.code, 'end-unseen');
  });
});
