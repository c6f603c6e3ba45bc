import { Composer, Lexer, Parser, type CST, type Document, type ParsedNode } from 'yaml';
import { problem, type Problem } from '../base/problem';
import { displayArguments } from './displayText';
import type { ExperimentDocument } from './experimentDocument';
import { LineTable } from './lineTable';
import { maximumDepth, readDocumentNode, type Report } from './readDocumentNode';
import { reportYamlError } from './yamlErrors';

/** Longest text that is read, in UTF-16 units. */
export const maximumLength = 1024 * 1024;

/** Most lexical tokens that are read: keeps the time for hostile text within a second or so. */
export const maximumTokens = 300_000;

/** Reads the text of an experiment file (YAML 1.2). Never throws; what is wrong is in `problems`. */
export function parseExperiment(source: {
  readonly file: string;
  readonly text: string;
}): ExperimentDocument {
  const text = source.text.replace(/^\uFEFF/, '');
  const lines = new LineTable(text);
  const problems: Problem[] = [];
  const report: Report = (code, span, args = {}) => {
    problems.push(
      problem(code, displayArguments(args), {
        place: { file: source.file, range: lines.rangeOf(lines.firstLineOf(span)) },
      }),
    );
  };
  const yaml = compose(text, report);
  const root = yaml && readDocumentNode(yaml.contents, report);
  if (root !== undefined && root.height > maximumDepth) {
    report('nested-too-deep', root.span, { maximum: maximumDepth });
  }
  return {
    file: source.file,
    text,
    lines,
    ...(root !== undefined && root.height <= maximumDepth ? { root } : {}),
    wellFormed: problems.every(({ code }) => code === 'duplicate-key'),
    problems,
  };
}

function compose(text: string, report: Report): Document.Parsed | undefined {
  const tokens = tokensOf(text, report);
  if (tokens === undefined) return undefined;
  const composer = new Composer<ParsedNode>({
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    resolveKnownTags: false,
    // The library compares every key with every other.
    uniqueKeys: false,
  });
  const [first] = [...composer.compose(tokens, true, text.length)];
  const second = tokens.filter(({ type }) => type === 'document')[1];
  if (second !== undefined) report('several-documents', [second.offset, second.offset + '---'.length]);
  if (first === undefined) return undefined;
  const faults = [...first.errors, ...first.warnings].sort((one, other) => one.pos[0] - other.pos[0]);
  for (const fault of faults) reportYamlError(fault, first, report);
  if (first.contents === null && faults.length === 0) report('file-empty', [0, 0]);
  return first;
}

/** Undefined, with the reason reported, where reading on would take too long or too much stack. */
function tokensOf(text: string, report: Report): readonly CST.Token[] | undefined {
  if (text.length > maximumLength) {
    report('file-too-large', [0, 0], { length: text.length, maximum: maximumLength });
    return undefined;
  }
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    count += 1;
    const at = [parser.offset, parser.offset + 1] as const;
    if (parser.stack.length > maximumDepth) {
      report('nested-too-deep', at, { maximum: maximumDepth });
      return undefined;
    }
    if (count > maximumTokens) {
      report('file-too-complex', at, { maximum: maximumTokens });
      return undefined;
    }
  }
  tokens.push(...parser.end());
  return tokens;
}
