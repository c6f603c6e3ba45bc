import path from 'node:path';
import {
  messageOf,
  remedyOf,
  severityOf,
  type Problem,
  type Range,
  type Severity,
} from '../../core/base/problem';
import { indent, printable, printableLine } from './printable';

/** A problem as `--json` tells it; part of the product. */
export interface ProblemJson {
  readonly file: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly remedy?: string;
  readonly range: Range;
}

const start = { line: 0, character: 0 };
const startOfFile: Range = { start, end: start };

export function problemToJson(found: Problem): ProblemJson {
  const remedy = remedyOf(found);
  return {
    file: found.place?.file ?? '',
    code: found.code,
    severity: severityOf(found),
    message: messageOf(found),
    ...(remedy === undefined ? {} : { remedy }),
    range: found.place?.range ?? startOfFile,
  };
}

/**
 * A problem for people: `file:line:column severity code message`, counted from 1 as terminals and editors do, and
 * below it what was seen and what to do. The file is given relative to `directory` where that is shorter.
 */
export function renderProblem(found: Problem, directory: string): string {
  const remedy = remedyOf(found);
  const head = [placeOf(found, directory), severityOf(found), found.code, messageOf(found)];
  return [
    printableLine(head.filter((word) => word !== '').join(' ')),
    ...(found.evidence === undefined ? [] : [indent(printable(found.evidence.trimEnd()), 6)]),
    ...(remedy === undefined ? [] : [indent(printableLine(remedy), 4)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** `2 errors, 1 warning in 3 files`. */
export function renderCounts(problems: readonly Problem[], files: number): string {
  const severities = ['error', 'warning', 'information', 'hint'] as const;
  const counts = severities.flatMap((severity) => {
    const count = problems.filter((found) => severityOf(found) === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  return `${counts.length === 0 ? 'No problems' : counts.join(', ')} in ${plural(files, 'file')}.\n`;
}

function placeOf({ place }: Problem, directory: string): string {
  if (place === undefined) return '';
  const { line, character } = (place.range ?? startOfFile).start;
  const relative = path.relative(directory, place.file);
  return `${relative.length < place.file.length ? relative || '.' : place.file}:${line + 1}:${character + 1}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 || word === 'information' ? '' : 's'}`;
}
