import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import type { StringForm } from '../../../core/value/texts/stringText';
import { messageText } from '../../wording/problemWords';
import { done, type Command, type Workbench } from '../workbench';
import { chosenKey } from './chosenKeys';

type ArrayForm = Extract<StringForm, { readonly as: 'array' }>;

const arrayTypes: readonly ArrayForm['type'][] = [
  ...(['FLOAT', 'DOUBLE', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'BOOL'] as const),
];

/** Shows the bytes of a string in another way. */
export const viewKeyAs: Command = async (workbench, target, selected) => {
  const key = chosenKey(workbench, target, selected);
  const { t } = workbench.wording;
  if (key === undefined) return done;
  const chosen = await vscode.window.showQuickPick(
    [
      { label: t('Text'), as: 'text' as const },
      { label: t('JSON'), as: 'json' as const },
      { label: t('Hex'), as: 'hex' as const },
      { label: t('Array…'), description: t('numbers of a type, in a shape'), as: 'array' as const },
    ],
    { title: t('View the bytes of the string as') },
  );
  if (chosen === undefined) return done;
  const form = chosen.as === 'array' ? await arrayForm(workbench) : { as: chosen.as };
  if (form !== undefined) await workbench.keys.documents.show(key, { form });
  return done;
};

async function arrayForm({ wording: { t } }: Workbench): Promise<ArrayForm | undefined> {
  const type = await vscode.window.showQuickPick(
    arrayTypes.map((label) => ({ label })),
    { title: t('Type of the elements') },
  );
  if (type === undefined) return undefined;
  const text = await vscode.window.showInputBox({
    title: t('Shape of the array'),
    prompt: t('Lengths of the dimensions, the slowest first.'),
    placeHolder: '3, 224, 224',
    validateInput: (typed) =>
      shapeIn(typed) === undefined
        ? t('Whole numbers with commas between them, such as 3, 224, 224.')
        : undefined,
  });
  const shape = text === undefined ? undefined : shapeIn(text);
  const chosen = arrayTypes.find((name) => name === type.label);
  return shape === undefined || chosen === undefined ? undefined : { as: 'array', type: chosen, shape };
}

function shapeIn(text: string): readonly number[] | undefined {
  const words = text
    .replace(/^\s*[[(]|[\])]\s*$/g, '')
    .split(/[\s,x×]+/)
    .filter((word) => word !== '');
  const lengths = words.map(Number);
  return lengths.length > 0 && lengths.every((length) => Number.isSafeInteger(length) && length >= 0)
    ? lengths
    : undefined;
}

/** Shows a slice of a tensor, or of the bytes of a string. */
export const showSlice: Command = async (workbench, target, selected) => {
  const key = chosenKey(workbench, target, selected);
  const { keys, wording } = workbench;
  const { t } = wording;
  const { open } = keys.store;
  if (open === undefined) return [problem('database-not-open')];
  if (key === undefined) return done;
  const { checkSlice } = await keys.store.words();
  const [details] = await open.inspector.details(open.target.id, [key]);
  const shape = details?.kind === 'string' && details.bytes !== undefined ? [details.bytes] : details?.shape;
  const slice = await vscode.window.showInputBox({
    title: t('Show Slice'),
    prompt:
      shape === undefined
        ? t('As numpy writes it.')
        : t('As numpy writes it. The shape is {shape}.', { shape: `(${shape.join(', ')})` }),
    placeHolder: details?.kind === 'string' ? '[65536:131072]' : '[0, :, ::2]',
    validateInput: (typed) => {
      const found = checkSlice(typed, key, shape);
      return found && messageText(found, t);
    },
  });
  if (slice !== undefined) await keys.documents.show(key, { slice });
  return done;
};

/** Reads the value of a document again. */
export const refreshKey: Command = ({ keys: { documents } }, target) => {
  const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
  if (uri !== undefined) documents.refresh(uri);
  return Promise.resolve(done);
};
