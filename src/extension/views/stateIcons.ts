import { assertNever } from '../../shared/assertNever';
import type { EntityStatus, OrchestratorPhase, RunPhase } from '../../core/deployment/runSnapshot';
import type { NodeIcon } from './viewNode';

const busy: NodeIcon = { name: 'loading~spin' };
/** The colour of passed tests is too pale for an icon on a light background. */
const good = 'charts.green';
const bad = 'testing.iconFailed';
const faint = 'disabledForeground';
const doubtful = 'list.warningForeground';

/** The icon of a shard whose process runs, and which does not serve as it should. */
export const unwellIcon: NodeIcon = { name: 'warning', color: doubtful };

/** The icon of a run or an orchestrator in this phase. */
export function phaseIcon(phase: RunPhase | OrchestratorPhase): NodeIcon {
  switch (phase) {
    case 'planned':
      return { name: 'circle-outline' };
    case 'starting':
    case 'forming':
    case 'stopping':
      return busy;
    case 'ready':
      return { name: 'circle-filled', color: good };
    case 'degraded':
      return { name: 'warning', color: doubtful };
    case 'stopped':
      return { name: 'circle-large-outline', color: faint };
    case 'failed':
      return { name: 'error', color: bad };
    case 'lost':
      return { name: 'question', color: doubtful };
    default:
      return assertNever(phase);
  }
}

/** The icon of a shard or a model of this status. */
export function statusIcon(status: EntityStatus): NodeIcon {
  switch (status) {
    case 'New':
      return { name: 'circle-outline' };
    case 'Queued':
      return { name: 'clock' };
    case 'Running':
      return { name: 'play-circle', color: good };
    case 'Paused':
      return { name: 'debug-pause' };
    case 'Completed':
      return { name: 'pass', color: good };
    case 'Cancelled':
      return { name: 'circle-slash', color: faint };
    case 'NeverStarted':
      return { name: 'circle-slash', color: doubtful };
    case 'Failed':
      return { name: 'error', color: bad };
    default:
      return assertNever(status);
  }
}
