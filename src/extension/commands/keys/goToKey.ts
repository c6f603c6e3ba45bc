import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { done, type Command } from '../workbench';

/** Asks for the name of a key, looks for exactly that, and shows it. */
export const goToKey: Command = async ({ keys: { store, tree, documents }, wording: { t } }) => {
  const { open } = store;
  if (open === undefined) return [problem('database-not-open')];
  const { parseTypedKey, displayKey } = await store.words();
  const text = await vscode.window.showInputBox({
    title: t('Go to Key'),
    prompt: t('The whole name; \\xff stands for a byte that is no text.'),
    placeHolder: 'ens_0.{dataset}.velocity',
  });
  if (text === undefined) return done;
  const key = parseTypedKey(text);
  const [details] = await open.inspector.details(open.target.id, [key]);
  if (details?.kind === 'gone')
    return [problem('key-missing', { key: displayKey(key), database: open.target.name })];
  await Promise.all([tree.reveal(key), documents.show(key)]);
  return done;
};
