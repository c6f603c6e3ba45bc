import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandId } from '../../src/extension/contributions';
import { workbench } from './support';

describe('the extension in a real extension host', () => {
  it('activates', async () => {
    assert.equal((await workbench()).version, 1);
  });

  it('registers every command', async () => {
    await workbench();
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(commandId).filter((id) => !known.has(id)),
      [],
    );
  });
});
