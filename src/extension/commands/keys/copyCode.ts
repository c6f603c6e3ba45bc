import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import type { DatabaseTarget } from '../../../core/database/databaseTarget';
import type { CodeLanguage } from '../../../core/value/code/subject';
import { done, type Command } from '../workbench';
import { chosenRows, keyOfRow } from './chosenKeys';

/** Copies a program that reads the key. */
export const copyPythonCode: Command = copyCode('python');
export const copyCppCode: Command = copyCode('cpp');
export const copyCCode: Command = copyCode('c');
export const copyFortranCode: Command = copyCode('fortran');

const names: Readonly<Record<CodeLanguage, string>> = {
  python: 'Python',
  cpp: 'C++',
  c: 'C',
  fortran: 'Fortran',
};

function copyCode(language: CodeLanguage): Command {
  return async (workbench, target, selected) => {
    const { store } = workbench.keys;
    const [row] = chosenRows(workbench, target, selected);
    const key = row && keyOfRow(row);
    const { open } = store;
    if (open === undefined) return [problem('database-not-open')];
    if (row === undefined || key === undefined) return done;
    const { codeFor, displayKey } = await store.words();
    const [details] = await open.inspector.details(open.target.id, [key]);
    const code = codeFor(language, {
      kind: details?.kind ?? 'unknown',
      // Programs call AI models without what stands before and behind the name in the server.
      key: row.kind === 'aiModel' ? row.name : key,
      address: addressOf(open.target),
      clustered: open.clustered,
    });
    if (code === undefined) return [problem('no-code-for-key', { key: displayKey(key) })];
    await vscode.env.clipboard.writeText(code);
    const { t } = workbench.wording;
    vscode.window.setStatusBarMessage(t('Copied {language} code', { language: names[language] }), 3000);
    return done;
  };
}

/** As SmartRedis takes it in `SSDB`. */
function addressOf({ endpoints }: DatabaseTarget): string {
  return endpoints
    .map((endpoint) =>
      endpoint.kind === 'socket' ? `unix://${endpoint.path}` : `${endpoint.host}:${endpoint.port}`,
    )
    .join(',');
}
