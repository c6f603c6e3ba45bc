import { parentPort } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { DatabaseInspector } from '../core/inspection/databaseInspector';
import { serveInspector } from '../core/inspection/inspectorWire';

// The thread in which a window looks into databases: millions of names are read and sorted here, and the window is never kept
// waiting by it.
if (parentPort === null) throw new Error('inspector.js is the program of a worker thread.');
serveInspector(
  new DatabaseInspector(),
  createMessageConnection(new PortMessageReader(parentPort), new PortMessageWriter(parentPort)),
);
