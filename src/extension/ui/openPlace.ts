import * as vscode from 'vscode';
import type { Place } from '../../core/base/problem';
import type { HeavyCore } from '../bridge/heavyCore';
import { toVscodeRange } from '../bridge/range';

/** Opens a file where a place is: by its range, else by where its path stands in the text as it is now. */
export async function openPlace({ file, path, range }: Place, core: Pick<HeavyCore, 'parse'>): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  let selection = range;
  if (selection === undefined && path !== undefined) {
    const parsed = await core.parse({ file, text: document.getText() });
    selection = parsed.keyRangeOf(path) ?? parsed.rangeOf(path);
  }
  await vscode.window.showTextDocument(
    document,
    selection === undefined ? {} : { selection: toVscodeRange(selection) },
  );
}
