import type { MessageConnection } from 'vscode-jsonrpc/node';
import { Emitter } from '../base/event';
import type { Inspector, ScanProgress } from './inspector';

/**
 * An Inspector in another thread. Messages are JSON-RPC over a message port, which carries bytes as they are; requests have the
 * names of the Inspector's functions.
 */
export function remoteInspector(connection: MessageConnection): Inspector {
  const progressed = new Emitter<ScanProgress>();
  connection.onNotification(progressNotice, (progress: ScanProgress) => {
    progressed.fire(progress);
  });
  connection.listen();
  return {
    open: (...args) => connection.sendRequest('open', args),
    close: (...args) => connection.sendRequest('close', args),
    scan: (...args) => connection.sendRequest('scan', args),
    pause: (...args) => connection.sendRequest('pause', args),
    rows: (...args) => connection.sendRequest('rows', args),
    onDidProgress: progressed.event,
  };
}

/** The other side of `remoteInspector`. */
export function serveInspector(inspector: Inspector, connection: MessageConnection): void {
  connection.onRequest('open', (args: Parameters<Inspector['open']>) => inspector.open(...args));
  connection.onRequest('close', (args: Parameters<Inspector['close']>) => inspector.close(...args));
  connection.onRequest('scan', (args: Parameters<Inspector['scan']>) => inspector.scan(...args));
  connection.onRequest('pause', (args: Parameters<Inspector['pause']>) => inspector.pause(...args));
  connection.onRequest('rows', (args: Parameters<Inspector['rows']>) => inspector.rows(...args));
  inspector.onDidProgress((progress) => connection.sendNotification(progressNotice, progress));
  connection.listen();
}

const progressNotice = 'progress';
