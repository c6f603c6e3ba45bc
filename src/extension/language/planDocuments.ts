import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/base/disposables';
import type { DeploymentPlan } from '../../core/plan/deploymentPlan';
import { experimentLabel } from '../state/experimentLabel';

const scheme = 'smartsim-plan';

/** Plans as read-only documents, one for each experiment file; shown again, a document is brought up to date. */
export class PlanDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string>();

  constructor() {
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.owned.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.texts.delete(uri.toString());
      }),
    );
  }

  async show(plan: DeploymentPlan): Promise<void> {
    const uri = vscode.Uri.from({
      scheme,
      path: `/${experimentLabel(plan.file)} (plan).json`,
      query: plan.file,
    });
    this.texts.set(uri.toString(), `${JSON.stringify(plan, undefined, 2)}\n`);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.owned.dispose();
  }
}
