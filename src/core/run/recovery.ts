import { problem } from '../base/problem';
import type { RecordedEvent, RunEvent } from '../deployment/runEvents';
import type { EntityReference, LaunchEvent, ProcessIdentity } from '../launch/launchEvents';
import { stateOfProcess } from '../launch/processIdentity';
import { outputOf, unseenEnd } from '../launch/unseenEnd';
import { markedProcesses, type MarkedProcess } from '../launch/markedProcesses';
import type { DeploymentPlan } from '../plan/deploymentPlan';

/** What a record says last of a process of the run. */
interface Trace {
  readonly entity: EntityReference;
  readonly state: 'intended' | 'started' | 'settled';
  readonly identity?: ProcessIdentity;
  readonly endRequested: boolean;
}

/**
 * What a record lacks because its writer was killed: the events that follow from comparing it with
 * what lives. A process that was to be started and lives is found by its marker; a recorded one that is
 * gone ended without anybody seeing how; one that was to be started and is not there did not come to live. `found`: the
 * living processes with the marker of the run, where they have been looked for already.
 */
export function missingEvents(
  runId: string,
  events: readonly RecordedEvent[],
  found?: readonly MarkedProcess[],
): readonly LaunchEvent[] {
  const first = events[0]?.event;
  if (first?.type !== 'run-planned') return [];
  const traces = tracesOf(events.map(({ event }) => event));
  const isInDoubt = traces.some(({ state }) => state === 'intended');
  const marked = isInDoubt ? (found ?? markedProcesses(runId)) : [];
  return traces.flatMap((trace) => missingOf(first.plan, trace, marked));
}

function missingOf(
  plan: DeploymentPlan,
  trace: Trace,
  marked: readonly MarkedProcess[],
): readonly LaunchEvent[] {
  const { entity, state, identity, endRequested } = trace;
  const { name } = entity;
  if (state === 'intended') {
    // The oldest of those that lead a session: whatever it started in turn is younger.
    const found = marked.find((candidate) => candidate.leads && candidate.entity === name);
    if (found !== undefined) return [{ type: 'process-started', entity, identity: found.identity }];
    const cause = problem('start-unseen', { name, ...outputOf(plan, name) });
    return [{ type: 'process-not-started', entity, cause }];
  }
  if (state !== 'started' || identity === undefined || stateOfProcess(identity) !== 'gone') return [];
  return [{ type: 'process-exited', entity, ...unseenEnd(plan, name, endRequested) }];
}

function tracesOf(events: readonly RunEvent[]): readonly Trace[] {
  const traces = new Map<string, Trace>();
  for (const event of events) {
    switch (event.type) {
      case 'process-intended':
        traces.set(event.entity.name, { entity: event.entity, state: 'intended', endRequested: false });
        break;
      case 'process-started': {
        const { entity, identity } = event;
        traces.set(entity.name, { entity, state: 'started', identity, endRequested: false });
        break;
      }
      case 'process-exited':
      case 'process-not-started':
        traces.set(event.entity.name, { entity: event.entity, state: 'settled', endRequested: false });
        break;
      case 'end-attempted':
        for (const name of event.names) {
          const trace = traces.get(name);
          if (trace !== undefined) traces.set(name, { ...trace, endRequested: true });
        }
        break;
      default:
    }
  }
  return [...traces.values()];
}
