import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { kindText } from '../../wording/kindWords';
import { done, type Command } from '../workbench';

/** Asks for a pattern, or a part of names, and shows only keys that fit, among those that are known and those that come. */
export const filterKeys: Command = async ({ keys: { store }, wording: { t } }) => {
  if (store.open === undefined) return [problem('database-not-open')];
  const { text: before = '', type } = store.filter;
  const text = await vscode.window.showInputBox({
    title: t('Filter Keys'),
    prompt: t('A part of the names, or a pattern with *, ? and [a-z]. Empty: all keys.'),
    value: before,
    placeHolder: 'velocity   ·   ens_*.{*}.*',
  });
  if (text === undefined) return done;
  await store.setFilter({
    ...(text === '' ? {} : { text }),
    ...(type === undefined ? {} : { type }),
  });
  return done;
};

/** Redis' names of types, by what people call them. */
const types = [
  ...([
    ['tensor', 'AI_TENSOR'],
    ['mlModel', 'AI__MODEL'],
    ['script', 'AI_SCRIPT'],
  ] as const),
  ...(['string', 'hash', 'list', 'set', 'zset', 'stream'] as const).map((type) => [type, type] as const),
] as const;

/** Asks for a kind, and shows only keys of it. */
export const filterKeysByKind: Command = async ({ keys: { store }, wording: { t } }) => {
  if (store.open === undefined) return [problem('database-not-open')];
  const { text, type: current } = store.filter;
  const choices = [
    { label: t('All kinds'), type: undefined },
    ...types.map(([kind, type]) => ({
      label: kind === 'hash' ? t('Hash, dataset metadata') : kindText(kind, t),
      type,
    })),
  ].map((choice) => ({ ...choice, description: choice.type === current ? t('shown now') : '' }));
  const chosen = await vscode.window.showQuickPick(choices, { title: t('Show keys of which kind?') });
  if (chosen === undefined) return done;
  await store.setFilter({
    ...(text === undefined ? {} : { text }),
    ...(chosen.type === undefined ? {} : { type: chosen.type }),
  });
  return done;
};

/** Shows all keys again. */
export const clearKeyFilter: Command = async ({ keys: { store } }) => {
  await store.setFilter({});
  return done;
};
