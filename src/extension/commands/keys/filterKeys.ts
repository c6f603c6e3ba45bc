import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { filterTypes, typeText } from '../../views/keys/filterText';
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

/** Asks for a kind, and shows only keys of it. */
export const filterKeysByKind: Command = async ({ keys: { store }, wording: { t } }) => {
  if (store.open === undefined) return [problem('database-not-open')];
  const { text, type: current } = store.filter;
  const choices = [
    { label: t('All kinds'), type: undefined },
    ...filterTypes.map(([type]) => ({ label: typeText(type, t), type })),
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
