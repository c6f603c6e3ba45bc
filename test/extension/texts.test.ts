import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fillIn } from '../../src/core/base/problem';
import { catalogue } from '../../src/core/base/problemCatalogue';
import { projectRoot } from '../support/projectRoot';

describe('texts', () => {
  it('are all in l10n/bundle.l10n.json', () => {
    const script = path.join(projectRoot, 'scripts/export-texts.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(status, 0, stderr);
  });

  it('are filled in by VS Code as by the command line', () => {
    for (const { message, remedy = '' } of Object.values(catalogue)) {
      for (const template of [message, remedy]) {
        const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
        const args = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
        // The replacement that `vscode.l10n.t` does.
        const inWindow = template.replace(/{([^}]+)}/g, (whole, name: string) => args[name] ?? whole);
        assert.equal(inWindow, fillIn(template, args));
      }
    }
  });
});
