// Brings docs/errors.md in line with the problem catalogue: order, headings, messages and remedies come from the
// catalogue, the explanations below them are written by hand and stay as they are. A new code gets a section whose
// explanation is missing; the completeness test names it until somebody writes it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const page = path.join(root, 'docs/errors.md');

/**
 * Chapters of the page: a file of `src/core/base/problems` each, in the order in which a user meets them.
 * @type {readonly (readonly [module: string, title: string])[]}
 */
const chapters = [
  ['specProblems', 'Reading and checking the experiment file'],
  ['siteProblems', 'Looking at this machine'],
  ['planProblems', 'Planning'],
  ['launchProblems', 'Starting, watching and stopping'],
  ['runProblems', 'Finding and speaking to runs'],
  ['tensorProblems', 'Reading and writing tensors'],
  ['connectionProblems', 'Finding databases'],
  ['databaseProblems', 'Connecting to databases'],
  ['valueProblems', 'Looking at values, and changing keys'],
  ['cliProblems', 'The command line'],
  ['windowProblems', 'The window'],
];

const sections = await loadSections();
const written = readPage(readFileSync(page, 'utf8'));
const known = new Set(sections.flatMap(({ entries }) => Object.keys(entries)));
for (const [code, text] of written.explanations) {
  if (!known.has(code) && text !== '')
    console.warn(`${code} is gone from the catalogue; dropped its text:\n${text}\n`);
}
writeFileSync(page, render());

/** @typedef {{ severity: string, message: string, remedy?: string }} Entry a catalogue's entry, as far as the page shows it */

/** @returns {Promise<{ title: string, entries: Record<string, Entry> }[]>} */
async function loadSections() {
  const { outputFiles } = await build({
    stdin: {
      contents: chapters.map(([name]) => `export * from './src/core/base/problems/${name}';`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    write: false,
  });
  const module = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
  );
  return chapters.map(([name, title]) => ({ title, entries: module[name] }));
}

/**
 * The hand-written parts: what stands before the first chapter, below each chapter's title, and below each quote.
 * @param {string} text
 */
function readPage(text) {
  const [head = '', ...rest] = text.split(/^(?=##)/m);
  const parts = rest.map((part) => {
    const [, marks = '', title = '', body = ''] = /^(##+) (.*)\n([^]*)$/.exec(part) ?? [];
    return { marks, title, body: body.trim() };
  });
  return {
    head: head.trim(),
    introductions: new Map(
      parts.filter(({ marks }) => marks === '##').map(({ title, body }) => [title, body]),
    ),
    explanations: new Map(
      parts
        .filter(({ marks }) => marks === '###')
        .map(({ title, body }) => [title, body.replace(/^(>.*\n?)+/, '').trim()]),
    ),
  };
}

function render() {
  const blocks = sections.flatMap(({ title, entries }) => [
    `## ${title}`,
    written.introductions.get(title) ?? '',
    ...Object.entries(entries).flatMap(([code, entry]) => [
      `### ${code}`,
      quote(entry),
      written.explanations.get(code) ?? '',
    ]),
  ]);
  return `${[written.head, ...blocks].filter((block) => block !== '').join('\n\n')}\n`;
}

/** @param {Entry} entry */
function quote({ severity, message, remedy }) {
  return [`> *${severity}* ${message}`, ...(remedy === undefined ? [] : ['>', `> ${remedy}`])].join('\n');
}
