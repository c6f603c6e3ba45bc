import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { utf8 } from '../../../src/core/base/bytes';
import { codeFor } from '../../../src/core/value/code/codeFor';
import { cLiteral, fortranText, pythonBytes, pythonText } from '../../../src/core/value/code/literals';
import type { CodeLanguage } from '../../../src/core/value/code/subject';
import type { ValueKind } from '../../../src/core/value/details/keyDetails';
import { workDirectory } from '../../support/workDirectory';

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const hostile = utf8('"); system("x"); /* \\ ??/ \' \u202e\n# é 🙂 ! ${x} %s');

const code = (language: CodeLanguage, kind: ValueKind, key: Uint8Array): string =>
  codeFor(language, { kind, key, address: '127.0.0.1:6379', clustered: false })!;

describe('code for a key', function () {
  this.timeout(60_000);

  it('has its bytes in C', () => {
    for (const bytes of [everyByte, hostile, new Uint8Array()]) {
      const program = `#include <stdio.h>\nint main(void){static const char name[] = ${cLiteral(bytes)};\nfwrite(name, 1, sizeof name - 1, stdout);return 0;}`;
      const work = workDirectory();
      const file = path.join(work.path, 'program');
      try {
        execFileSync('gcc', ['-std=c11', '-trigraphs', '-x', 'c', '-', '-o', file], { input: program });
        assert.deepEqual(execFileSync(file), Buffer.from(bytes));
      } finally {
        work.remove();
      }
    }
  });

  it('has its bytes in Python, and its text', () => {
    const said = (literal: string): string =>
      execFileSync('python3', ['-c', `print(${literal}.hex())`], { encoding: 'utf8' }).trim();
    for (const bytes of [everyByte, hostile, new Uint8Array()])
      assert.equal(said(pythonBytes(bytes)), Buffer.from(bytes).toString('hex'));
    assert.equal(said(`${pythonText(hostile)!}.encode()`), Buffer.from(hostile).toString('hex'));
    assert.equal(pythonText(everyByte), undefined);
    assert.match(code('python', 'tensor', everyByte), /^# The name is no text/);
  });

  it('has short lines in Fortran, and no backslash', () => {
    const text = fortranText(everyByte);
    assert.ok(text.split('\n').every((line) => line.length <= 120));
    assert.doesNotMatch(text, /\\/);
    assert.equal(fortranText(utf8('a"b')), '"a""b"');
    assert.equal(fortranText(utf8('a\n\\b')), '"a" // achar(10) // achar(92) // "b"');
    assert.equal(fortranText(new Uint8Array()), '""');
  });

  it('takes a dataset by its name, with its prefix as the source', () => {
    for (const language of ['python', 'cpp', 'c'] as const) {
      const text = code(language, 'dataset', utf8('ens.1.{weather}.meta'));
      assert.match(text, /SSKEYIN"\W{1,5}"ens\.1"/);
      assert.match(text, /"weather"/);
      assert.doesNotMatch(code(language, 'dataset', utf8('{weather}.meta')), /SSKEYIN/);
    }
    assert.match(code('fortran', 'dataset', utf8('p.{w}.meta')), /SSKEYIN[^]*"p"[^]*name = "w"/);
  });

  it('connects to a Unix socket, or to the first of several servers', () => {
    const at = (language: CodeLanguage, address: string): string =>
      codeFor(language, { kind: 'string', key: utf8('k'), address, clustered: false })!;
    assert.match(at('python', 'unix:///run/a:b.sock'), /Redis\(unix_socket_path="\/run\/a:b\.sock"\)/);
    assert.match(at('c', 'unix:///run/a:b.sock'), /redisConnectUnix\("\/run\/a:b\.sock"\)/);
    assert.match(at('cpp', '[::1]:7000,h:2'), /redisConnect\("::1", 7000\)/);
    assert.match(at('python', 'h:1,h:2'), /Redis\(host="h", port=1\)/);
  });

  it('is there for every kind that something reads', () => {
    const kinds = ['tensor', 'dataset', 'aggregationList', 'mlModel', 'script'] as const;
    const plain = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;
    for (const language of ['python', 'cpp', 'c', 'fortran'] as const) {
      for (const kind of kinds) assert.match(code(language, kind, utf8('k')), /"k"/);
      for (const kind of plain) assert.ok(code(language, kind, hostile).length > 10);
      for (const kind of ['module', 'gone', 'unknown'] as const)
        assert.equal(code(language, kind, hostile), undefined);
    }
    const programs = [...kinds, ...plain].map((kind) => code('python', kind, hostile));
    const parsed = ['-c', 'import ast, json, sys; [ast.parse(code) for code in json.load(sys.stdin)]'];
    execFileSync('python3', parsed, { input: JSON.stringify(programs) });
  });
});
