import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { utf8 } from '../../../core/base/bytes';
import { filterTypes, typeText } from '../../views/keys/filterText';
import { done, type Command } from '../workbench';

/** Asks for a pattern, or a part of names, and shows only keys that fit. */
export const filterKeys: Command = async ({ keys: { store }, wording: { t } }) => {
  if (store.open === undefined) return [problem('database-not-open')];
  const { parseTypedKey, displayKey } = await store.words();
  const { match, type } = store.request;
  const text = await vscode.window.showInputBox({
    title: t('Filter Keys'),
    prompt: t('A part of the names, or a pattern with *, ? and [a-z]. Empty: all keys.'),
    value: match === undefined ? '' : displayKey(match),
    placeHolder: 'velocity   ·   ens_*.{*}.*',
  });
  if (text === undefined) return done;
  await store.setFilter({
    ...(text === ''
      ? {}
      : { match: isPattern(text) ? parseTypedKey(text) : containing(parseTypedKey(text)) }),
    ...(type === undefined ? {} : { type }),
  });
  return done;
};

/** Asks for a kind, and shows only keys of it. */
export const filterKeysByKind: Command = async ({ keys: { store }, wording: { t } }) => {
  if (store.open === undefined) return [problem('database-not-open')];
  const { match, type: current } = store.request;
  const choices = [
    { label: t('All kinds'), type: undefined },
    ...filterTypes.map(([type]) => ({ label: typeText(type, t), type })),
  ].map((choice) => ({ ...choice, description: choice.type === current ? t('shown now') : '' }));
  const chosen = await vscode.window.showQuickPick(choices, { title: t('Show keys of which kind?') });
  if (chosen === undefined) return done;
  await store.setFilter({
    ...(match === undefined ? {} : { match }),
    ...(chosen.type === undefined ? {} : { type: chosen.type }),
  });
  return done;
};

/** Shows all keys again. */
export const clearKeyFilter: Command = async ({ keys: { store } }) => {
  await store.setFilter({});
  return done;
};

function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A pattern for names in which this occurs. */
function containing(part: Uint8Array): Uint8Array {
  const star = 0x2a;
  const special = new Set(utf8('*?[]\\^-'));
  return Uint8Array.from([
    star,
    ...[...part].flatMap((byte) => (special.has(byte) ? [0x5c, byte] : [byte])),
    star,
  ]);
}
