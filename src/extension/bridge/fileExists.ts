import * as vscode from 'vscode';

/** Whether there is anything at the address that can be asked about. */
export async function fileExists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
