import { messageOf, type Problem } from '../../core/base/problem';
import type {
  ModelSnapshot,
  OrchestratorSnapshot,
  RunSnapshot,
  ShardSnapshot,
} from '../../core/deployment/runSnapshot';
import { toneOf, type Paint } from './paint';
import { printableLine } from './printable';

/** The lines that tell how a run went on from one state to the next. */
export function progressLines(
  before: RunSnapshot | undefined,
  after: RunSnapshot,
  paint: Paint,
): readonly string[] {
  const lines: string[] = [];
  for (const orchestrator of after.orchestrators) {
    const earlier = before?.orchestrators.find(({ id }) => id === orchestrator.id);
    if (earlier?.phase !== orchestrator.phase && orchestrator.phase !== 'planned') {
      lines.push(
        `${orchestrator.id} ${paint(toneOf(orchestrator.phase), orchestrator.phase)}${phaseDetail(orchestrator)}`,
      );
    }
    for (const shard of orchestrator.shards) {
      const last = earlier?.shards.find(({ name }) => name === shard.name);
      // Why is told in full by the end of the launch, or of the run.
      if (shard.status === 'Failed') lines.push(...entityLines(last, shard, paint, (cause) => cause.code));
    }
  }
  for (const model of after.models) {
    const earlier = before?.models.find(({ name }) => name === model.name);
    lines.push(...entityLines(earlier, model, paint, messageOf));
  }
  return lines;
}

function phaseDetail({ phase, ssdb, formationMs }: OrchestratorSnapshot): string {
  if (phase === 'ready') return ` at ${ssdb}${took(formationMs)}`;
  // Honest about whom the wait is for.
  return phase === 'forming'
    ? ': the shards get their slots; Redis lets none serve sooner than 2 s after its start'
    : '';
}

function entityLines(
  before: ShardSnapshot | ModelSnapshot | undefined,
  after: ShardSnapshot | ModelSnapshot,
  paint: Paint,
  why: (cause: Problem) => string,
): readonly string[] {
  const { name, status, cause, identity } = after;
  const same = before?.status === status && before.identity?.startTime === identity?.startTime;
  if (same || status === 'New') return [];
  const detail =
    status === 'Running' && identity !== undefined
      ? ` (pid ${identity.pid})`
      : cause === undefined
        ? ''
        : `: ${printableLine(why(cause))}`;
  return [`${name} ${paint(toneOf(status), status)}${detail}`];
}

function took(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : ` after ${Math.round(milliseconds)} ms`;
}
