import type { MessageConnection } from 'vscode-jsonrpc/node';
import { Emitter } from '../base/event';
import type { ChangeProgress, Inspector, NamesProgress, StateOfDatabase } from './inspector';

/** What is told without being asked. */
type News = 'onDidProgress' | 'onDidChangeState' | 'onDidAdvance';
/** What can be asked; requests and notices have the names of the Inspector's functions and events. */
type Question = Exclude<keyof Inspector, News>;

/** Does not compile when one is missing. */
const questions = Object.keys({
  ...{ open: true, close: true, watch: true, unlock: true },
  ...{ scan: true, filter: true, setPace: true, pause: true, resume: true, rows: true },
  ...{ details: true, value: true },
  ...{ rename: true, renameDataset: true, setExpiry: true },
  ...{ planDeletion: true, delete: true, cancel: true },
} satisfies Record<Question, true>) as readonly Question[];

/**
 * An Inspector in another thread. Messages are JSON-RPC over a message port, which carries bytes as they are. After the end of
 * the connection every question is answered by an exception.
 */
export function remoteInspector(connection: MessageConnection): Inspector {
  const told = <T>(news: News): Emitter<T> => {
    const emitter = new Emitter<T>();
    connection.onNotification(news, (value: T) => {
      emitter.fire(value);
    });
    return emitter;
  };
  const asked = questions.map(
    (question) =>
      [question, (...args: readonly unknown[]) => connection.sendRequest(question, args)] as const,
  );
  const inspector: Inspector = {
    ...(Object.fromEntries(asked) as Pick<Inspector, Question>),
    onDidProgress: told<NamesProgress>('onDidProgress').event,
    onDidChangeState: told<StateOfDatabase>('onDidChangeState').event,
    onDidAdvance: told<ChangeProgress>('onDidAdvance').event,
  };
  connection.listen();
  return inspector;
}

/** The other side of `remoteInspector`. */
export function serveInspector(inspector: Inspector, connection: MessageConnection): void {
  for (const question of questions) {
    const answer = inspector[question].bind(inspector) as (...args: readonly unknown[]) => Promise<unknown>;
    connection.onRequest(question, (args: readonly unknown[]) => answer(...args));
  }
  const tell =
    (news: News) =>
    (value: unknown): Promise<void> =>
      connection.sendNotification(news, value);
  inspector.onDidProgress(tell('onDidProgress'));
  inspector.onDidChangeState(tell('onDidChangeState'));
  inspector.onDidAdvance(tell('onDidAdvance'));
  connection.listen();
}
