import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { experimentLabel } from '../state/experimentLabel';
import { isLeftOver } from '../state/runOffers';
import type { RunStore } from '../state/runStore';
import { viewId } from '../contributions';
import { phaseText } from '../wording/stateWords';
import type { Wording } from '../wording/wording';

/** One item of the status bar, there only while something goes on or is being launched. */
export class RunStatusItem implements Disposable {
  private readonly owned = new DisposableStore();
  private item: vscode.StatusBarItem | undefined;

  constructor(
    private readonly runs: RunStore,
    private readonly wording: Wording,
  ) {
    this.owned.add(
      runs.onDidChange(() => {
        this.update();
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
    this.item?.dispose();
  }

  private update(): void {
    const { t } = this.wording;
    const live = this.runs.runs.filter((run) => run.live);
    // What goes on without anybody who watches it must not go on unseen.
    const lost = this.runs.runs.filter(isLeftOver);
    const launching = [...this.runs.launching].filter(
      (file) => !live.some(({ record }) => record.file === file),
    );
    const states = [
      ...launching.map((file) => ({ name: experimentLabel(file), state: t('Launching'), busy: true })),
      ...lost.map(({ record, snapshot }) => ({
        name: experimentLabel(record.file),
        state: phaseText(snapshot.phase, t),
        busy: false,
      })),
      ...live.map(({ record, snapshot }) => ({
        name: experimentLabel(record.file),
        state: phaseText(snapshot.phase, t),
        busy: snapshot.phase === 'starting' || snapshot.phase === 'stopping',
      })),
    ];
    const [first] = states;
    if (first === undefined) {
      this.item?.dispose();
      this.item = undefined;
      return;
    }
    const item = (this.item ??= create(t));
    const degraded = lost.length > 0 || live.some(({ snapshot }) => snapshot.phase === 'degraded');
    const icon = states.some(({ busy }) => busy)
      ? '$(loading~spin)'
      : degraded
        ? '$(warning)'
        : '$(circuit-board)';
    item.text = `${icon} ${states.length === 1 ? first.name : t('{count} experiments', { count: states.length })}`;
    item.tooltip = states.map(({ name, state }) => `${name}: ${state}`).join('\n');
    item.accessibilityInformation = { label: `SmartSim: ${item.tooltip}` };
    item.show();
  }
}

function create(t: Wording['t']): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('smartsim.runs', vscode.StatusBarAlignment.Left);
  item.name = t('SmartSim experiments');
  item.command = `${viewId.experiments}.focus`;
  return item;
}
