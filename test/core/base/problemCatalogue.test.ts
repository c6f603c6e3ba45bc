import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueEntry } from '../../../src/core/base/catalogueEntry';
import { fillIn } from '../../../src/core/base/problem';
import { catalogue } from '../../../src/core/base/problemCatalogue';
import { projectRoot } from '../../support/projectRoot';

const entries = Object.entries<CatalogueEntry>(catalogue);

/** Words that a remedy may begin with: it tells the reader what to do. */
const imperatives = new Set(
  'Add Ask Build Change Check Choose Close Connect Copy Correct Create Delete End Free Give Indent Install Keep Launch Leave Let Load Look Make Move Name Open Put Quote Raise Read Refer Restore Remove Rename Repair Replace Restart Run See Set Shorten Solve Split Start Stop Trust Try Turn Unlock Update Use Wait Write'.split(
    ' ',
  ),
);

const page = readFileSync(path.join(projectRoot, 'docs/errors.md'), 'utf8');

/** Code -> text of its section in the page. */
const sections = new Map(
  page
    .split(/^(?=##)/m)
    .filter((part) => part.startsWith('### '))
    .map((part) => [part.slice(4, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
);

function each(check: (code: string, entry: CatalogueEntry) => boolean): readonly string[] {
  return entries.filter(([code, entry]) => !check(code, entry)).map(([code]) => code);
}

/** The text with something in every placeholder, and without what is quoted as code. */
function filled(template: string): string {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return fillIn(template, Object.fromEntries(names.map((name) => [name, 'x']))).replace(/`[^`]*`/g, 'x');
}

describe('problem catalogue', () => {
  it('has codes of lower-case words joined by hyphens', () => {
    assert.deepEqual(
      each((code) => /^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$/.test(code)),
      [],
    );
  });

  it('has messages that are whole sentences', () => {
    assert.deepEqual(
      each((_, { message }) => /^[A-Z{`‘“"(]/.test(message) && /[.]$/.test(message)),
      [],
    );
  });

  it('has a remedy for every error that nobody asked for', () => {
    assert.deepEqual(
      each(
        (code, { severity, remedy }) =>
          severity !== 'error' || remedy !== undefined || code.endsWith('-cancelled'),
      ),
      [],
    );
  });

  it('has remedies that tell the reader what to do, or ask what was meant', () => {
    assert.deepEqual(
      each((_, { remedy = 'Run it.' }) =>
        imperatives.has(/^\w+/.exec(remedy)?.[0] ?? '')
          ? remedy.endsWith('.')
          : /^Did you mean .*\?$/.test(remedy),
      ),
      [],
    );
  });

  it('has no stray brace and no double space in its texts', () => {
    assert.deepEqual(
      each((_, { message, remedy = '' }) => !/[{}]| {2}/.test(filled(message) + filled(remedy))),
      [],
    );
  });
});

describe('the stages of the catalogue', () => {
  it('hold no code that nothing uses', () => {
    const folder = path.join(projectRoot, 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('core/base/problems/'))
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('\n');
    assert.deepEqual(
      each((code) => sources.includes(`'${code}'`)),
      [],
    );
  });

  it('share no code, since the later would hide the earlier', () => {
    const folder = path.join(projectRoot, 'src/core/base/problems');
    const codes = readdirSync(folder).flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/^ {2}'?([a-z0-9-]+)'?: \{$/gm)].map(
        ([, code]) => code,
      ),
    );
    assert.equal(new Set(codes).size, entries.length);
    assert.deepEqual(
      codes.filter((code, at) => codes.indexOf(code) !== at),
      [],
    );
  });
});

describe('docs/errors.md', () => {
  it('explains every code of the catalogue and no other, in the same order', () => {
    assert.deepEqual(
      [...sections.keys()],
      entries.map(([code]) => code),
    );
  });

  it('quotes severity, message and remedy as they are shown (node scripts/update-errors-page.mjs)', () => {
    assert.deepEqual(
      each((code, { severity, message, remedy }) => {
        const quote = [`> *${severity}* ${message}`, ...(remedy === undefined ? [] : ['>', `> ${remedy}`])];
        return sections.get(code)?.startsWith(`${quote.join('\n')}\n`) ?? false;
      }),
      [],
    );
  });

  it('says for every code what it means, what leads there and what to do', () => {
    assert.deepEqual(
      each((code) =>
        ['What it means', 'Common causes', 'What to do'].every((label) =>
          new RegExp(`^\\*\\*${label}\\.\\*\\* \\S.{20}`, 'm').test(sections.get(code) ?? ''),
        ),
      ),
      [],
    );
  });
});
