import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../../../src/core/base/problemCatalogue';
import { problemSection } from '../../../src/extension/language/problemSection';
import { projectRoot } from '../../support/projectRoot';

const page = readFileSync(path.join(projectRoot, 'docs/errors.md'), 'utf8');

describe('problemSection', () => {
  it('is the part of the page about this code alone', () => {
    const section = problemSection('# A\n\n## B\n\n### one\n\nfirst\n\n### two\n\nsecond\n\n## C\n', 'two');
    assert.equal(section, '# two\n\nsecond\n');
  });

  it('takes no code for another that begins like it', () => {
    assert.equal(problemSection('### one-more\n\ntext\n', 'one'), undefined);
  });

  it('finds the section of a problem that files have', () => {
    assert.ok('not-supported-yet' in catalogue);
    assert.match(problemSection(page, 'not-supported-yet') ?? '', /^# not-supported-yet\n/);
  });
});
