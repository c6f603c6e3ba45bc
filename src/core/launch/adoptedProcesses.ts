import { Deferred } from '../base/deferred';
import type { Disposable } from '../base/disposables';
import type { ProcessEnd } from './childProcess';
import type { LaunchContext } from './launchContext';
import type { EntityReference, ProcessIdentity } from './launchEvents';
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
  private pace = calmPace;

  constructor(private readonly context: LaunchContext) {}

  /** Makes a process that lives known to the launch; its end is recorded, with a return code that nobody saw. */
  adopt(entity: EntityReference, identity: ProcessIdentity): void {
    const end = new Deferred<ProcessEnd>();
    this.watched.set(end, identity);
    const started: StartedProcess = {
      entity,
      identity,
      leadsGroup: true,
      ended: end.promise,
      exitRecorded: end.promise.then(() => {
        const exit = unseenEnd(this.context.plan, entity.name, started.endRequested);
        this.context.emit({ type: 'process-exited', entity, ...exit });
        return exit;
      }),
      endRequested: false,
    };
    this.context.processes.set(entity.name, started);
    this.timer ??= this.nextLook();
  }

  /** Makes one known that had ended before: what carries its marker is still ended with the run. */
  remember(entity: EntityReference, identity: ProcessIdentity, exit: RecordedExit): void {
    this.context.processes.set(entity.name, {
      entity,
      identity,
      leadsGroup: false,
      ended: Promise.resolve(exit),
      exitRecorded: Promise.resolve(exit),
      endRequested: exit.requested,
    });
  }

  /** For as long as the promise is open, ends are seen at once. */
  async hurriedUntil<T>(promise: Promise<T>): Promise<T> {
    this.pace = hurriedPace;
    this.look();
    try {
      return await promise;
    } finally {
      this.pace = calmPace;
    }
  }

  /** A process closes its sockets a moment before it is gone: looks often for that moment. */
  expectEnd(): void {
    this.pace = hurriedPace;
    this.look();
    setTimeout(() => {
      this.pace = calmPace;
    }, momentOfEnd).unref();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watched.clear();
  }

  private look(): void {
    clearTimeout(this.timer);
    for (const [end, identity] of this.watched) {
      if (stateOfProcess(identity) === 'alive') continue;
      this.watched.delete(end);
      end.resolve({ returnCode: null, signal: null });
    }
    this.timer = this.nextLook();
  }

  private nextLook(): NodeJS.Timeout | undefined {
    if (this.watched.size === 0) return undefined;
    return setTimeout(() => {
      this.look();
    }, this.pace);
  }
}
