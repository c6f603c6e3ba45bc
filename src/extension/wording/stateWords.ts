import { assertNever } from '../../shared/assertNever';
import type { EntityStatus, OrchestratorPhase, RunPhase } from '../../core/deployment/runSnapshot';
import type { Translate } from './wording';

/** The phase of a run or an orchestrator, for people. */
export function phaseText(phase: RunPhase | OrchestratorPhase, t: Translate): string {
  switch (phase) {
    case 'planned':
      return t('Planned');
    case 'starting':
      return t('Starting');
    case 'forming':
      return t('Forming cluster');
    case 'ready':
      return t('Ready');
    case 'degraded':
      return t('Degraded');
    case 'stopping':
      return t('Stopping');
    case 'stopped':
      return t('Stopped');
    case 'failed':
      return t('Failed');
    case 'lost':
      return t('Lost');
    default:
      return assertNever(phase);
  }
}

/** The status of a shard or a model, for people. */
export function statusText(status: EntityStatus, t: Translate): string {
  switch (status) {
    case 'New':
      return t('New');
    case 'Queued':
      return t('Queued');
    case 'Running':
      return t('Running');
    case 'Paused':
      return t('Paused');
    case 'Completed':
      return t('Completed');
    case 'Cancelled':
      return t('Cancelled');
    case 'Failed':
      return t('Failed');
    case 'NeverStarted':
      return t('Never started');
    default:
      return assertNever(status);
  }
}

/** What serves tensors in an orchestrator, for people; `ai` as its run tells it, also one of a newer version. */
export function tensorsText(ai: string, t: Translate): string {
  switch (ai) {
    case 'builtin':
      return t('Tensors: engine of SmartSim Workbench');
    case 'redisai':
      return t('Tensors: RedisAI');
    case 'none':
      return t('Tensors: none');
    default:
      return t('Tensors: {provider}', { provider: ai });
  }
}
