// Writes l10n/bundle.l10n.json: every English text of the window and of the problem catalogue, which
// translators copy to bundle.l10n.<language>.json. With `--check` it writes nothing and fails when
// the file is not what it would write.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const target = path.join(root, 'l10n/bundle.l10n.json');
/** @type {string[]} */
const problems = [];

const texts = [...windowTexts(), ...(await catalogueTexts())];
const bundle = Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text]));
const wanted = `${JSON.stringify(bundle, undefined, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== wanted)
    problems.push('l10n/bundle.l10n.json is out of date: run `node scripts/export-texts.mjs`.');
} else {
  writeFileSync(target, wanted);
}
for (const found of problems) console.error(found);
process.exitCode = problems.length === 0 ? 0 : 1;

/** First argument of every `t(...)`, `l10n.t(...)` and `vscode.l10n.t(...)` of the extension. */
function windowTexts() {
  const folder = path.join(root, 'src/extension');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = path.join(folder, name);
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
      /** @type {string[]} */
      const found = [];
      /** @param {ts.Node} node */
      const visit = (node) => {
        if (ts.isCallExpression(node) && isTranslate(node.expression)) found.push(...textOf(node, source));
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}

/** @param {ts.Expression} callee */
function isTranslate(callee) {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  return ts.isIdentifier(name) && name.text === 't';
}

/**
 * @param {ts.CallExpression} call
 * @param {ts.SourceFile} source
 */
function textOf(call, source) {
  const [first] = call.arguments;
  if (first !== undefined && ts.isStringLiteralLike(first)) return [first.text];
  // Catalogue texts and the composition's own `t` are passed on by name; anything else would be lost.
  const written = first?.getText(source) ?? '';
  if (!/^(template|remedy|entryOf\(code\)\.message)$/.test(written)) {
    const { line } = source.getLineAndCharacterOfPosition(call.getStart());
    problems.push(`${path.relative(root, source.fileName)}:${line + 1}: the text ${written} is no literal.`);
  }
  return [];
}

async function catalogueTexts() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/core/base/problemCatalogue.ts'],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  const { catalogue } = await import(`data:text/javascript;base64,${code}`);
  return Object.values(catalogue).flatMap(({ message, remedy }) =>
    remedy === undefined ? [message] : [message, remedy],
  );
}
