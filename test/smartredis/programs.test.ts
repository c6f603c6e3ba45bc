import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { smartredisHeaders } from '../../scripts/smartredisHeaders.mjs';
import { utf8 } from '../../src/core/base/bytes';
import { codeFor } from '../../src/core/value/code/codeFor';
import { projectRoot } from '../support/projectRoot';

const compilers = {
  c: ['gcc', '-std=c11', '-x', 'c'],
  cpp: ['g++', '-std=c++17', '-x', 'c++'],
} as const;
const kinds = ['tensor', 'dataset', 'aggregationList', 'mlModel', 'script'] as const;
const key = utf8('"); exit(1); /* \\ ??/ é {weather}.meta');

describe("programs that read what a key holds, by the SmartRedis client's own headers", function () {
  // The headers are taken out of the client's sources first.
  this.timeout(120_000);
  let headers: string;

  before(() => {
    headers = smartredisHeaders();
  });

  for (const language of ['c', 'cpp'] as const)
    it(`are right in ${language === 'c' ? 'C' : 'C++'}`, () => {
      const [compiler, ...standard] = compilers[language];
      const folders = ['-I', headers, '-I', path.join(projectRoot, 'test/fixtures/headers')];
      const warnings = ['-Wall', '-Wextra', '-Werror', '-Wno-unused'];
      for (const kind of kinds) {
        const input = codeFor(language, { kind, key, address: '127.0.0.1:6379', clustered: true });
        execFileSync(compiler, [...standard, ...warnings, '-fsyntax-only', ...folders, '-'], { input });
      }
    });
});
