import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findExecutable, type ExecutableAnswer } from '../../../src/core/site/findExecutable';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('findExecutable', () => {
  const folder = temporaryFolder();

  function put(name: string, mode = 0o755, content = '#!/bin/sh\n'): string {
    const file = path.join(folder.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
    return file;
  }

  it('looks up names in PATH first, then beside the file', async () => {
    const inPath = put('bin/sim');
    const beside = put('work/sim');
    const searchPath = `${folder.path}/none:${folder.path}/bin`;
    const where = { folder: path.join(folder.path, 'work'), searchPath };
    assert.deepEqual(await findExecutable('sim', where), { kind: 'found', path: inPath });
    assert.deepEqual(await findExecutable('./sim', where), { kind: 'found', path: beside });
    assert.deepEqual(await findExecutable('sim', { ...where, searchPath: undefined }), {
      kind: 'found',
      path: beside,
    });
    assert.deepEqual(await findExecutable('sim', { searchPath: '' }), { kind: 'missing' });
  });

  it('takes hostile names as they are', async () => {
    for (const name of ['-rf', 'with space', 'größe', '$(touch x)', '*', 'line\nbreak', '__proto__']) {
      const file = put(name);
      assert.deepEqual(await findExecutable(name, { searchPath: folder.path }), {
        kind: 'found',
        path: file,
      });
    }
    assert.deepEqual(await findExecutable('nul\0', { folder: folder.path, searchPath: '/' }), {
      kind: 'missing',
    });
    assert.deepEqual(await findExecutable('', { folder: folder.path, searchPath: '/' }), { kind: 'missing' });
  });

  it('leaves out entries of PATH that are not absolute', async () => {
    put('sim');
    const searchPath = ['', '.', path.relative(process.cwd(), folder.path)].join(':');
    assert.deepEqual(await findExecutable('sim', { searchPath }), { kind: 'missing' });
  });

  it('says what is in the way', async () => {
    const plain = put('plain', 0o644);
    mkdirSync(path.join(folder.path, 'dir'));
    const where = { folder: folder.path, searchPath: undefined };
    assert.deepEqual(await findExecutable('./plain', where), { kind: 'not-executable', path: plain });
    assert.deepEqual(await findExecutable('./dir', where), {
      kind: 'directory',
      path: path.join(folder.path, 'dir'),
    });
    assert.deepEqual(await findExecutable('./plain/x', where), { kind: 'missing' });
  });

  it('reads the first line of a script', async () => {
    const where = { folder: folder.path, searchPath: undefined };
    const answerTo = (content: string): Promise<ExecutableAnswer> => {
      const file = put('script', 0o755, content);
      return findExecutable(file, where);
    };
    const file = path.join(folder.path, 'script');
    const missing = (interpreter: string): ExecutableAnswer => ({
      kind: 'interpreter-missing',
      path: file,
      interpreter,
    });
    for (const good of ['#!/bin/sh', '#! \t/bin/sh -e\nexit 1', '#!/usr/bin/env python3\n', '\x7fELF\x02\0'])
      assert.deepEqual(await answerTo(good), { kind: 'found', path: file }, good);
    assert.deepEqual(await answerTo('#!/no/such/python3 -u\nprint(1)'), missing('/no/such/python3'));
    assert.deepEqual(await answerTo('#!/bin/sh\r\necho 1\r\n'), missing('/bin/sh\r'));
    assert.deepEqual(await answerTo('#!\n'), missing(''));
    assert.deepEqual(await answerTo('#!./python3\n'), { kind: 'found', path: file });
    for (const text of ['', 'echo 1\n'])
      assert.deepEqual(await answerTo(text), { kind: 'no-program', path: file });
  });

  it('prefers a program further down PATH to something that cannot be run', async () => {
    put('one/sim', 0o644);
    const good = put('two/sim');
    const searchPath = `${folder.path}/one:${folder.path}/two`;
    assert.deepEqual(await findExecutable('sim', { searchPath }), { kind: 'found', path: good });
  });
});
