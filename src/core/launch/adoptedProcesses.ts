import { setTimeout as delay } from 'node:timers/promises';
import { Deferred } from '../base/deferred';
import type { Disposable } from '../base/disposables';
import type { ProcessEnd } from './childProcess';
import type { LaunchContext } from './launchContext';
import type { EntityReference, ProcessIdentity } from './launchEvents';
import { LedGroup } from './ledGroup';
import { stateOfProcess } from './processIdentity';
import type { RecordedExit, StartedProcess } from './startProcess';
import { unseenEnd } from './unseenEnd';

/** Between two looks at processes that are not our children, in milliseconds: one pass over all of them. */
const calmPace = 800;
/** The same while one of them is about to end. */
const hurriedPace = 10;

/** From the close of a server's connections to its end, in milliseconds; a large one takes its time. */
const momentOfEnd = 1000;

/** Processes that another supervisor had started: nobody tells us of their end, so we look whether they live. */
export class AdoptedProcesses implements Disposable {
  private readonly watched = new Map<Deferred<ProcessEnd>, ProcessIdentity>();
  private timer: NodeJS.Timeout | undefined;
  /** How many wait for an end at this moment. */
  private hurries = 0;

  constructor(private readonly context: LaunchContext) {}

  /** Makes a process that lives known to the launch; its end is recorded, with a return code that nobody saw. */
  adopt(entity: EntityReference, identity: ProcessIdentity): void {
    const end = new Deferred<ProcessEnd>();
    this.watched.set(end, identity);
    const group = new LedGroup(identity);
    const started: StartedProcess = {
      entity,
      identity,
      group,
      ended: end.promise,
      exitRecorded: end.promise.then(() => {
        group.leaderEnded();
        const exit = unseenEnd(this.context.plan, entity.name, started.endRequested);
        this.context.emit({ type: 'process-exited', entity, ...exit });
        return exit;
      }),
      endRequested: false,
    };
    this.context.processes.set(entity.name, started);
    if (this.watched.size === 1) this.lookLater();
  }

  /** Makes one known that had ended before: what carries its marker is still ended with the run. */
  remember(entity: EntityReference, identity: ProcessIdentity, exit: RecordedExit): void {
    this.context.processes.set(entity.name, {
      entity,
      identity,
      ended: Promise.resolve(exit),
      exitRecorded: Promise.resolve(exit),
      endRequested: exit.requested,
    });
  }

  /** For as long as the promise is open, ends are seen at once. */
  async hurriedUntil<T>(promise: Promise<T>): Promise<T> {
    this.hurries += 1;
    // However many hurry, they share the looks.
    if (this.hurries === 1) this.lookLater();
    try {
      return await promise;
    } finally {
      this.hurries -= 1;
    }
  }

  /** A process closes its sockets a moment before it is gone: looks often for that moment. */
  expectEnd(): void {
    void this.hurriedUntil(delay(momentOfEnd, undefined, { ref: false }));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watched.clear();
  }

  private look(): void {
    for (const [end, identity] of this.watched) {
      if (stateOfProcess(identity) === 'alive') continue;
      this.watched.delete(end);
      end.resolve({ returnCode: null, signal: null });
    }
    this.lookLater();
  }

  private lookLater(): void {
    clearTimeout(this.timer);
    if (this.watched.size === 0) return;
    this.timer = setTimeout(
      () => {
        this.look();
      },
      this.hurries > 0 ? hurriedPace : calmPace,
    );
  }
}
