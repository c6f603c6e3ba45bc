import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import { experimentFilePattern } from '../contributions';
import { experimentLabel } from './experimentLabel';
import { OneAtATime } from '../../core/base/oneAtATime';

/** An experiment file of the workspace. */
export interface ExperimentFile {
  readonly file: string;
  readonly label: string;
  /** Path as short as it is clear in this workspace. */
  readonly where: string;
}

/** More files than anybody would read in a side bar; a bound for folders full of generated ones. */
const most = 2000;
const leftOut = '**/{node_modules,.git,.smartsim}/**';

/** The experiment files of the workspace. It searches and watches nothing before `search`. */
export class ExperimentStore implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  readonly onDidChange: Event<void> = this.changed.event;
  private found: readonly ExperimentFile[] | undefined;
  private searching: Promise<void> | undefined;
  private readonly searches = new OneAtATime(() => this.find());

  constructor(private readonly log: Log) {}

  get files(): readonly ExperimentFile[] {
    return this.found ?? [];
  }

  /** Whether `files` is the whole truth. */
  get searched(): boolean {
    return this.found !== undefined;
  }

  /** Searches now, and again whenever such a file comes or goes. Later calls cost nothing. */
  search(): Promise<void> {
    this.searching ??= this.begin();
    return this.searching;
  }

  async refresh(): Promise<void> {
    await this.search();
    await this.searches.run();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private begin(): Promise<void> {
    const again = (): void => {
      this.searches.run().catch((error: unknown) => {
        this.log.error(`The workspace cannot be searched for experiment files: ${String(error)}`);
      });
    };
    const watcher = this.owned.add(
      vscode.workspace.createFileSystemWatcher(experimentFilePattern, false, true, false),
    );
    this.owned.add(watcher.onDidCreate(again));
    this.owned.add(watcher.onDidDelete(again));
    this.owned.add(vscode.workspace.onDidChangeWorkspaceFolders(again));
    return this.searches.run();
  }

  private async find(): Promise<void> {
    const uris = await vscode.workspace.findFiles(experimentFilePattern, leftOut, most);
    this.found = uris
      .filter(({ scheme }) => scheme === 'file')
      .map(({ fsPath }) => ({
        file: fsPath,
        label: experimentLabel(fsPath),
        where: path.dirname(vscode.workspace.asRelativePath(fsPath)),
      }))
      .map((entry) => ({ ...entry, where: entry.where === '.' ? '' : entry.where }))
      .sort((a, b) => a.label.localeCompare(b.label) || a.file.localeCompare(b.file));
    this.changed.fire();
  }
}
