import { setMaxListeners } from 'node:events';

/** Aborted as soon as one of them is, with its reason. Many may listen to it. */
export function eitherSignal(...signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  for (const signal of signals) {
    const abort = (): void => {
      controller.abort(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  }
  return controller.signal;
}
