import type { CancellationToken } from 'vscode';
import type { Disposable } from '../../core/base/disposables';

/** The core's signal for VS Code's token; dispose it when the work is over. */
export function signalOf(token: CancellationToken): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => {
    controller.abort();
  });
  return { signal: controller.signal, dispose: () => void subscription.dispose() };
}
