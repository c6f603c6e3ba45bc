import { entryOf, type ProblemCode } from './problemCatalogue';

/** Where in a document something stands: the keys and indexes from its root. */
export type DocumentPath = readonly (string | number)[];

/** Zero-based, end exclusive, characters in UTF-16 units: as in the Language Server Protocol. */
export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The place of a problem: always a file, then as much more as is known. */
export interface Place {
  readonly file: string;
  readonly path?: DocumentPath;
  readonly range?: Range;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Values that are put into the catalogue's texts. */
export type ProblemArguments = Readonly<Record<string, string | number>>;

/**
 * Something that a user can cause and can do something about. What it says comes from the
 * catalogue, so that window, command line and documentation use one text, which can be translated.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly args: ProblemArguments;
  readonly place?: Place;
  /** What was seen: a server's last lines, a system error. Shown below the message, never translated. */
  readonly evidence?: string;
}

/** Makes a problem; `args` must name every placeholder of the code's texts. */
export function problem(
  code: ProblemCode,
  args: ProblemArguments = {},
  more: { readonly place?: Place; readonly evidence?: string } = {},
): Problem {
  return { code, args, ...more };
}

export function severityOf(found: Problem): Severity {
  return entryOf(found.code).severity;
}

/** What, where and why, in English. */
export function messageOf(found: Problem): string {
  return fillIn(entryOf(found.code).message, found.args);
}

/** What to do next, in English; absent where nothing can be advised. */
export function remedyOf(found: Problem): string | undefined {
  const { remedy } = entryOf(found.code);
  return remedy === undefined ? undefined : fillIn(remedy, found.args);
}

/** Replaces `{name}` by the argument of that name, in one pass, so that values are never read as templates. */
export function fillIn(template: string, args: ProblemArguments): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(args, name) ? String(args[name]) : whole,
  );
}
