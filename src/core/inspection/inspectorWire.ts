import type { MessageConnection } from 'vscode-jsonrpc/node';
import { Emitter } from '../base/event';
import type { Inspector, ScanProgress } from './inspector';

/** What can be asked; requests have the names of the Inspector's functions. */
type Question = Exclude<keyof Inspector, `on${string}`>;

/** Does not compile when one is missing. */
const questions = Object.keys({
  open: true,
  close: true,
  scan: true,
  pause: true,
  resume: true,
  watch: true,
  rows: true,
  details: true,
} satisfies Record<Question, true>) as readonly Question[];

const progressNotice = 'progress';

/**
 * An Inspector in another thread. Messages are JSON-RPC over a message port, which carries bytes as they are. After the end of
 * the connection every question is answered by an exception.
 */
export function remoteInspector(connection: MessageConnection): Inspector {
  const progressed = new Emitter<ScanProgress>();
  connection.onNotification(progressNotice, (progress: ScanProgress) => {
    progressed.fire(progress);
  });
  connection.listen();
  const asked = questions.map(
    (question) =>
      [question, (...args: readonly unknown[]) => connection.sendRequest(question, args)] as const,
  );
  return { ...(Object.fromEntries(asked) as Pick<Inspector, Question>), onDidProgress: progressed.event };
}

/** The other side of `remoteInspector`. */
export function serveInspector(inspector: Inspector, connection: MessageConnection): void {
  for (const question of questions) {
    const answer = inspector[question].bind(inspector) as (...args: readonly unknown[]) => Promise<unknown>;
    connection.onRequest(question, (args: readonly unknown[]) => answer(...args));
  }
  inspector.onDidProgress((progress) => connection.sendNotification(progressNotice, progress));
  connection.listen();
}
