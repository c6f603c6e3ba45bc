import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import type { ModelSnapshot, ShardSnapshot } from '../../core/deployment/runSnapshot';
import type { Run } from '../../core/run/run';
import { experimentLabel } from '../state/experimentLabel';
import { pick } from '../ui/pickers';
import { statusText } from '../wording/stateWords';
import { subjectOf } from './target';
import type { Workbench } from './workbench';

/** A model or a shard, and the run that it belongs to. */
export interface Entity {
  readonly kind: 'model' | 'shard';
  readonly run: Run;
  readonly snapshot: ModelSnapshot | ShardSnapshot;
}

/** The model or shard that a command was invoked on, else the one that the user picks among `wanted`. */
export async function entityOf(
  { runs, wording }: Workbench,
  target: unknown,
  wanted: (entity: Entity) => boolean,
  question: string,
): Promise<Result<Entity | undefined>> {
  await runs.follow();
  const subject = subjectOf(target);
  if (subject?.kind === 'model' || subject?.kind === 'shard') {
    const run = runs.byId(subject.runId);
    const entity = run && entitiesOf(run).find(({ snapshot }) => snapshot.name === subject.name);
    return entity === undefined
      ? failure(problem('experiment-not-running', { experiment: experimentLabel(subject.file) }))
      : success(entity);
  }
  const choices = runs.runs.flatMap(entitiesOf).filter(wanted);
  if (choices.length === 0) return failure(problem('nothing-running'));
  return success(
    await pick(
      choices.map((entity) => ({
        label: entity.snapshot.name,
        description: statusText(entity.snapshot.status, wording.t),
        detail: experimentLabel(entity.run.record.file),
        value: entity,
      })),
      question,
    ),
  );
}

function entitiesOf(run: Run): readonly Entity[] {
  const { orchestrators, models } = run.snapshot;
  return [
    ...models.map((snapshot) => ({ kind: 'model' as const, run, snapshot })),
    ...orchestrators
      .flatMap(({ shards }) => shards)
      .map((snapshot) => ({ kind: 'shard' as const, run, snapshot })),
  ];
}
