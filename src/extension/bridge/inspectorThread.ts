import { Worker } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import type { Inspector } from '../../core/inspection/inspector';
import { remoteInspector } from '../../core/inspection/inspectorWire';

/** An Inspector in a thread of its own, until it is disposed. What is asked after its end is answered by an exception. */
export interface InspectorThread extends Inspector, Disposable {
  /** It ended without being told to, for the reason that is given. */
  readonly onDidFail: Event<string>;
}

/** Starts the thread that looks into databases; `program` is the path of `inspector.js`. */
export function startInspector(program: string): InspectorThread {
  const worker = new Worker(program, { execArgv: [] });
  const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
  const failed = new Emitter<string>();
  let reason: string | undefined;
  let disposed = false;
  // Without a listener an error in the thread would end the whole extension host.
  worker.on('error', (error) => {
    reason = error.stack ?? error.message;
  });
  worker.once('exit', (code) => {
    connection.dispose();
    if (!disposed) failed.fire(reason ?? `it ended with code ${code}`);
    failed.dispose();
  });
  return {
    ...remoteInspector(connection),
    onDidFail: failed.event,
    dispose: () => {
      disposed = true;
      connection.dispose();
      void worker.terminate();
    },
  };
}
