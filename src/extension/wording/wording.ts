import type { ProblemArguments } from '../../core/base/problem';

/** Gives a text in the window's language and fills in `{name}`; fits `vscode.l10n.t`. */
export type Translate = (template: string, args?: ProblemArguments) => string;

/** How things are said in this window: language and formats of its user. */
export interface Wording {
  readonly t: Translate;
  /** BCP 47 language tag for numbers and times. */
  readonly locale: string;
}
