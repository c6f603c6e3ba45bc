import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../support/projectRoot';

/** What the compiler says of such a file of the project, which does not exist. */
function faults(project: string, text: string): readonly string[] {
  const folder = path.join(projectRoot, 'src', project);
  const { config } = ts.readConfigFile(path.join(folder, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  ) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const file = path.join(folder, 'wrong.ts');
  const host = ts.createCompilerHost(options);
  const real = { fileExists: host.fileExists.bind(host), readFile: host.readFile.bind(host) };
  host.fileExists = (name) => name === file || real.fileExists(name);
  host.readFile = (name) => (name === file ? text : real.readFile(name));
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return program
    .getSemanticDiagnostics(source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the types of vscode', function () {
  this.timeout(60_000);
  const text = "import type * as vscode from 'vscode';\nexport type Wrong = vscode.Uri;\n";

  for (const project of ['shared', 'core', 'supervisor', 'cli']) {
    it(`are not there in src/${project}`, () => {
      assert.match(faults(project, text).join('\n'), /has no exported member 'Uri'/);
    });
  }

  it('are there in src/extension', () => {
    assert.deepEqual(faults('extension', text), []);
  });
});
