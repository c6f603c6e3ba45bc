import { Worker } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { Disposable } from '../../core/base/disposables';
import type { Inspector } from '../../core/inspection/inspector';
import { remoteInspector } from '../../core/inspection/inspectorWire';

/** The thread that looks into databases; `program` is the path of `inspector.js`. */
export function startInspector(program: string): Inspector & Disposable {
  const worker = new Worker(program);
  const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
  return {
    ...remoteInspector(connection),
    dispose: () => {
      connection.dispose();
      void worker.terminate();
    },
  };
}
