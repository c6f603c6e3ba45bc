import * as vscode from 'vscode';
import { signalOf } from '../bridge/abort';
import { viewId } from '../contributions';

/** A notification with a Cancel button while the work goes on. */
export async function withCancellableProgress<T>(
  title: string,
  work: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const cancellation = signalOf(token);
      try {
        return await work((message) => {
          progress.report({ message });
        }, cancellation.signal);
      } finally {
        cancellation.dispose();
      }
    },
  );
}

/** A moving line in the Experiments view while the work goes on. */
export async function withViewProgress<T>(work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: viewId.experiments } }, work);
}
