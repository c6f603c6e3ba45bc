import type { Problem } from '../../core/base/problem';
import { severityOf } from '../../core/base/problem';
import type { RunSnapshot } from '../../core/deployment/runSnapshot';
import type { Run } from '../../core/run/run';
import type { ExperimentSource, HeavyCore } from '../bridge/heavyCore';
import type { RunStore } from '../state/runStore';

/** Steps of a launch that a user waits for. */
export type LaunchStep = 'checking' | 'starting' | 'orchestrators' | 'models' | 'rollingBack';

/** How a launch that was asked for in the window ended. */
export type LaunchOutcome =
  | { readonly kind: 'launched'; readonly run: Run }
  /** Nothing was started. */
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[] }
  /** Given up on request; `stopped` had been started and is gone again. */
  | {
      readonly kind: 'cancelled';
      readonly stopped: readonly string[];
      readonly problems: readonly Problem[];
    };

/** From text to a launched run. When the signal is aborted, everything that was started is stopped again. */
export async function launchFile(
  source: ExperimentSource,
  core: Pick<HeavyCore, 'check' | 'start' | 'untilLaunched'>,
  runs: Pick<RunStore, 'add' | 'markLaunching'>,
  report: (step: LaunchStep) => void,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const launching = runs.markLaunching(source.file);
  const givenUp = (): boolean => signal.aborted;
  try {
    report('checking');
    const checked = await core.check(source, signal).catch((error: unknown) => {
      if (givenUp()) return undefined;
      throw error;
    });
    if (checked === undefined || givenUp()) return { kind: 'cancelled', stopped: [], problems: [] };
    const { plan, problems } = checked;
    if (plan === undefined) return { kind: 'refused', problems: problems.filter(isError) };
    report('starting');
    const started = await core.start(plan, signal);
    if (!started.ok) {
      return givenUp()
        ? { kind: 'cancelled', stopped: [], problems: [] }
        : { kind: 'failed', problems: started.problems };
    }
    runs.add(started.value);
    return await follow(started.value, core, report, signal);
  } finally {
    launching.dispose();
  }
}

async function follow(
  run: Run,
  core: Pick<HeavyCore, 'untilLaunched'>,
  report: (step: LaunchStep) => void,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const progress = run.onDidChange(({ snapshot }) => {
    report(orchestratorsAreReady(snapshot) ? 'models' : 'orchestrators');
  });
  try {
    report('orchestrators');
    const launched = await core.untilLaunched(run, signal);
    if (!signal.aborted) {
      return launched.ok ? { kind: 'launched', run } : { kind: 'failed', problems: launched.problems };
    }
  } finally {
    progress.dispose();
  }
  report('rollingBack');
  const stopped = startedEntities(run.snapshot);
  const stop = await run.stop();
  return { kind: 'cancelled', stopped, problems: stop.ok ? [] : stop.problems };
}

function orchestratorsAreReady({ orchestrators }: RunSnapshot): boolean {
  return orchestrators.every(({ phase }) => phase === 'ready' || phase === 'degraded');
}

function startedEntities({ orchestrators, models }: RunSnapshot): readonly string[] {
  return [...orchestrators.flatMap(({ shards }) => shards), ...models]
    .filter(({ startedAt }) => startedAt !== undefined)
    .map(({ name }) => name);
}

function isError(found: Problem): boolean {
  return severityOf(found) === 'error';
}
