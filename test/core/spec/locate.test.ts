import assert from 'node:assert/strict';
import type { Range } from '../../../src/core/base/problem';
import { entitiesOf } from '../../../src/core/spec/entitiesOf';
import { locate, locateKey } from '../../../src/core/spec/locate';
import { parseExperiment } from '../../../src/core/spec/parseExperiment';

const text = [
  'version: 1\r\n',
  'experiment: "a 🙂" # name\r\n',
  'models:\r\n',
  '  sim:\r\n',
  '    run_settings:\r\n',
  '      exe: node\r\n',
  '      exe_args:\r\n',
  '        - one\r\n',
  '        - [two,\r\n',
  '           three]\r\n',
  '    files: {to_copy: [a, b]}\r\n',
].join('');

const document = parseExperiment({ file: '/a.smartsim.yaml', text });

function textIn({ start, end }: Range): string {
  const lines = text.split(/\r\n/);
  assert.equal(start.line, end.line);
  return `${start.line}: ${lines[start.line]!.slice(start.character, end.character)}`;
}

describe('locate', () => {
  it('shows a value', () => {
    assert.equal(textIn(locate(document, ['experiment'])), '1: "a 🙂"');
    assert.equal(textIn(locate(document, ['models', 'sim', 'run_settings', 'exe_args', 0])), '7: one');
    assert.equal(textIn(locate(document, ['models', 'sim', 'files', 'to_copy'])), '10: [a, b]');
  });

  it('shows a value of several lines by its key', () => {
    assert.equal(textIn(locate(document, ['models', 'sim'])), '3: sim');
  });

  it('shows a list item of several lines by its first line', () => {
    assert.equal(textIn(locate(document, ['models', 'sim', 'run_settings', 'exe_args', 1])), '8: [two,');
  });

  it('shows the nearest parent of what is not there', () => {
    assert.equal(textIn(locate(document, ['models', 'sim', 'params', 'x'])), '3: sim');
    assert.equal(textIn(locate(document, ['nothing', 'here'])), '0: version: 1');
  });

  it('shows the first line for the file itself', () => {
    assert.equal(textIn(locate(document, [])), '0: version: 1');
  });
});

describe('locateKey', () => {
  it('shows a key, and nothing where there is none', () => {
    assert.equal(textIn(locateKey(document, ['models', 'sim', 'run_settings'])!), '4: run_settings');
    assert.equal(locateKey(document, ['models', 'plot']), undefined);
    assert.equal(locateKey(document, ['models', 'sim', 'run_settings', 'exe_args', 0]), undefined);
  });
});

describe('parseExperiment', () => {
  it('counts places as an editor does, which hides a byte order mark', () => {
    const marked = parseExperiment({ file: '/a.yaml', text: `\uFEFF${text}` });
    assert.deepEqual(locate(marked, ['version']), locate(document, ['version']));
  });

  it('ends lines at a single carriage return, too', () => {
    const old = parseExperiment({ file: '/a.yaml', text: '# one\r# two\rversion: 1\n' });
    assert.equal(old.lines.positionAt(old.text.indexOf('version')).line, 2);
  });
});

describe('entitiesOf', () => {
  it('lists orchestrators, models and ensembles of a file with errors', () => {
    const broken = parseExperiment({
      file: '/a.yaml',
      text: 'models:\n  sim: {exe\n  plot:\norchestrator: {db_identifier: fields}\nensembles: 3\n',
    });
    assert.equal(broken.wellFormed, false);
    const found = entitiesOf(broken).map(({ kind, name, keyRange }) => [kind, name, keyRange.start.line]);
    assert.deepEqual(found.at(0), ['model', 'sim', 1]);
    assert(found.length > 1, JSON.stringify(found));
  });

  it('gives each its path', () => {
    const whole = parseExperiment({
      file: '/a.yaml',
      text: 'orchestrators: {a: {}, b: {}}\nensembles: {c: {}}\norchestrator: {}\n',
    });
    assert.deepEqual(
      entitiesOf(whole).map(({ name, path }) => [name, path]),
      [
        ['a', ['orchestrators', 'a']],
        ['b', ['orchestrators', 'b']],
        ['c', ['ensembles', 'c']],
        ['orchestrator', ['orchestrator']],
      ],
    );
  });
});
