import type { Problem } from '../../core/base/problem';
import type { RunSnapshot } from '../../core/deployment/runSnapshot';
import { viewId, type ViewId } from '../contributions';
import type { RunState } from '../views/entityNodes';
import type { Subject } from '../views/viewNode';

/** Something that has happened to a run, and that its user may want to be told without having asked. */
export type News =
  /** Shards or models that failed at the same moment; shards first, since models fail when they lose theirs. */
  | { readonly kind: 'failed'; readonly entities: readonly [FailedEntity, ...FailedEntity[]] }
  /** A launch that this window did not ask for has failed. */
  | { readonly kind: 'launchFailed'; readonly cause: Problem }
  /** The supervisor was killed, and something of the run still runs. */
  | { readonly kind: 'lost' };

export interface FailedEntity {
  readonly subject: Extract<Subject, { kind: 'shard' | 'model' }>;
  readonly cause?: Problem;
  /** It has written something. */
  readonly hasOutput: boolean;
  readonly endedAt?: number;
}

/**
 * What has happened between two states of one run. `before` absent: this window sees the run for the first time,
 * and what is old is no news; only a run that needs somebody is. While a run is being launched nothing is news
 * but the failure of the launch, so `before` stays the state from before it.
 */
export function newsOf(before: RunSnapshot | undefined, { snapshot, live }: RunState): News | undefined {
  const { phase, cause } = snapshot;
  if (!live && phase === 'lost' && cause?.code === 'supervisor-lost') {
    return before?.phase === 'lost' ? undefined : { kind: 'lost' };
  }
  if (before === undefined) return undefined;
  if (isBeingLaunched(before) && phase === 'failed' && cause !== undefined) {
    return { kind: 'launchFailed', cause };
  }
  // What ends while a run is stopped ends because of that.
  if (phase === 'starting' || phase === 'stopping' || phase === 'lost' || phase === 'stopped')
    return undefined;
  const known = new Set(failedIn(before).map(({ subject }) => subject.name));
  const [first, ...others] = failedIn(snapshot).filter(({ subject }) => !known.has(subject.name));
  return first === undefined ? undefined : { kind: 'failed', entities: [first, ...others] };
}

/** Whether a run is not up yet. */
export function isBeingLaunched({ phase }: RunSnapshot): boolean {
  return phase === 'planned' || phase === 'starting';
}

/** Whether one of the visible views shows the news already. */
export function isShown(news: News, visible: ReadonlySet<ViewId>): boolean {
  return viewsThatShow(news).some((view) => visible.has(view));
}

/** The first is where a user is led to. */
export function viewsThatShow(news: News): readonly [ViewId, ...ViewId[]] {
  if (news.kind !== 'failed') return [viewId.experiments];
  return news.entities[0].subject.kind === 'shard'
    ? [viewId.orchestrators, viewId.experiments]
    : [viewId.models, viewId.experiments];
}

/** A name that is the same for the same news in every window. */
export function nameOf(news: News, { supervisor }: RunSnapshot): string {
  switch (news.kind) {
    case 'failed': {
      const [{ subject, endedAt }] = news.entities;
      return `failed ${subject.name} ${endedAt ?? ''}`;
    }
    case 'launchFailed':
      return 'launch failed';
    case 'lost':
      return `lost ${supervisor?.pid ?? ''} ${supervisor?.startTime ?? ''}`;
  }
}

function failedIn({ file, id: runId, orchestrators, models }: RunSnapshot): readonly FailedEntity[] {
  const shards = orchestrators.flatMap((orchestrator) => orchestrator.shards);
  return [
    ...shards.map((entity) => ({ kind: 'shard' as const, entity })),
    ...models.map((entity) => ({ kind: 'model' as const, entity })),
  ]
    .filter(({ entity }) => entity.status === 'Failed')
    .map(({ kind, entity: { name, at, cause, startedAt, endedAt } }) => ({
      subject: { kind, file, runId, name, at },
      hasOutput: startedAt !== undefined,
      ...(cause === undefined ? {} : { cause }),
      ...(endedAt === undefined ? {} : { endedAt }),
    }));
}
