import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import type { Event } from '../../core/base/event';
import type { Run } from '../../core/run/run';
import type { HeavyCore, ParsedExperiment } from '../bridge/heavyCore';
import { toVscodeRange } from '../bridge/range';
import { commandId, languageId } from '../contributions';
import type { RunStore } from '../state/runStore';
import type { Subject } from '../views/viewNode';
import { lensStates } from './lensStates';
import { phaseText, statusText } from '../wording/stateWords';
import type { Wording } from '../wording/wording';

/** Launch or Stop above an experiment, and above its parts how they are in the live run. */
export class CodeLenses implements vscode.CodeLensProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  private shown: unknown;

  constructor(
    private readonly core: Pick<HeavyCore, 'parse'>,
    private readonly runs: RunStore,
    private readonly wording: Wording,
    onTrust: Event<unknown>,
  ) {
    this.owned.add(
      onTrust(() => {
        this.changed.fire();
      }),
    );
    this.owned.add(
      runs.onDidChange(() => {
        this.update();
      }),
    );
    this.owned.add(vscode.languages.registerCodeLensProvider({ language: languageId, scheme: 'file' }, this));
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    const file = document.uri.fsPath;
    const parsed = await this.core.parse({ file, text: document.getText() });
    if (vscode.workspace.isTrusted) await this.runs.follow();
    if (token.isCancellationRequested) return [];
    const top = toVscodeRange(parsed.keyRangeOf(['experiment']) ?? parsed.rangeOf([]));
    const run = this.runs.forFile(file);
    const above = this.experimentActions(file, run).map((command) => new vscode.CodeLens(top, command));
    return run?.live === true ? [...above, ...this.states(parsed, run)] : above;
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Measurements of shards come every few seconds and stand in no lens: for them no file is parsed. */
  private update(): void {
    const shown = lensStates(this.runs);
    if (isDeepStrictEqual(shown, this.shown)) return;
    this.shown = shown;
    this.changed.fire();
  }

  private experimentActions(file: string, run: Run | undefined): readonly vscode.Command[] {
    const { t } = this.wording;
    const uri = vscode.Uri.file(file);
    if (this.runs.launching.has(file)) return [{ title: `$(loading~spin) ${t('Launching')}`, command: '' }];
    if (run?.live !== true) {
      return vscode.workspace.isTrusted
        ? [{ title: `$(play) ${t('Launch')}`, command: commandId.launchExperiment, arguments: [uri] }]
        : [{ title: t('Trust this workspace to launch'), command: 'workbench.trust.manage' }];
    }
    const stop = { title: `$(debug-stop) ${t('Stop')}`, command: commandId.stopExperiment, arguments: [uri] };
    const state = { title: phaseText(run.snapshot.phase, t), command: 'smartsim.experiments.focus' };
    return run.snapshot.phase === 'stopping' ? [state] : [stop, state];
  }

  private states(parsed: ParsedExperiment, run: Run): readonly vscode.CodeLens[] {
    const { t } = this.wording;
    const { snapshot } = run;
    const lens = (
      at: Extract<Subject, { at: unknown }>['at'],
      title: string,
      command: string,
      subject: Subject,
    ): vscode.CodeLens[] => {
      const range = parsed.keyRangeOf(at);
      // What was taken out of the file while it runs has no place to stand.
      return range === undefined
        ? []
        : [new vscode.CodeLens(toVscodeRange(range), { title, command, arguments: [subject] })];
    };
    const { file, id: runId } = snapshot;
    return [
      ...snapshot.orchestrators.flatMap(({ at, id, phase, ssdb, shards }) =>
        lens(
          at,
          `${phaseText(phase, t)} · ${shards.length > 1 ? t('{count} shards', { count: shards.length }) : ssdb}`,
          commandId.copySsdb,
          {
            kind: 'orchestrator',
            file,
            runId,
            name: id,
            at,
          },
        ),
      ),
      ...snapshot.models.flatMap(({ at, name, status }) =>
        lens(at, statusText(status, t), commandId.openOutput, { kind: 'model', file, runId, name, at }),
      ),
    ];
  }
}
