import { DisposableStore, type Disposable } from '../../core/base/disposables';
import type { Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import type { RunSnapshot } from '../../core/deployment/runSnapshot';
import type { Run } from '../../core/run/run';
import { inBackground } from '../bridge/background';
import type { ViewId } from '../contributions';
import { isBeingLaunched, isShown, nameOf, newsOf, type News } from './newsOf';

/** The runs that this window follows. */
export interface NoticedRuns {
  readonly runs: readonly Run[];
  readonly onDidChange: Event<void>;
  /** Whether this window launched it, so that the command has told how that went. */
  isOurs(runId: string): boolean;
}

export interface NoticesOptions {
  readonly visible: () => ReadonlySet<ViewId>;
  /** Whether this is the first window to tell these news of the run. */
  readonly isFirst: (run: RunSnapshot, news: string) => Promise<boolean>;
  readonly show: (news: News, run: Run) => void;
  readonly log: Log;
}

/**
 * Tells what happens to runs while no view shows it: each event once in all windows, nothing that the user did,
 * and of a run that falls apart only its first failure, until it is well again or somebody has looked.
 */
export class Notices implements Disposable {
  private readonly owned = new DisposableStore();
  private before: ReadonlyMap<string, RunSnapshot> = new Map();
  /** Runs of which a failure was told. */
  private readonly troubled = new Set<string>();

  constructor(
    private readonly runs: NoticedRuns,
    private readonly options: NoticesOptions,
  ) {
    this.owned.add(
      runs.onDidChange(() => {
        this.update();
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const now = new Map<string, RunSnapshot>();
    for (const run of this.runs.runs) {
      const { id } = run.snapshot;
      const before = this.before.get(id);
      const launched = before === undefined || !isBeingLaunched(run.snapshot);
      now.set(id, launched ? run.snapshot : before);
      const news = before === run.snapshot ? undefined : newsOf(before, run);
      if (run.snapshot.phase === 'ready') this.troubled.delete(id);
      if (news !== undefined)
        void inBackground('News of a run are not told', () => this.tell(news, run), this.options.log);
    }
    this.before = now;
  }

  private async tell(news: News, run: Run): Promise<void> {
    const { snapshot } = run;
    const { visible, isFirst, show } = this.options;
    const seen = isShown(news, visible());
    const again = news.kind === 'failed' && this.troubled.has(snapshot.id);
    if (news.kind === 'failed') {
      if (seen) this.troubled.delete(snapshot.id);
      else this.troubled.add(snapshot.id);
    }
    const ours = news.kind === 'launchFailed' && this.runs.isOurs(snapshot.id);
    // Seen in one window is told in all of them.
    const first = await isFirst(snapshot, nameOf(news, snapshot));
    if (first && !seen && !again && !ours) show(news, run);
  }
}
