import type { Environment } from '../base/userDirectories';
import { findExecutable } from './findExecutable';

/** A C compiler, as it is called: a path, and the words that CC has after the program's name (`ccache gcc`). */
export type Compiler = readonly [program: string, ...args: string[]];

/** Names by which a C compiler is called, the first that is there being taken: what the user's CC says, or the usual ones. */
export function compilerNames(environment: Environment): readonly string[] {
  const [program] = wordsOf(environment);
  return program === undefined ? ['cc', 'gcc', 'clang'] : [program];
}

/** The C compiler of this machine; undefined where there is none, or none where CC says. */
export async function findCompiler(environment: Environment): Promise<Compiler | undefined> {
  const [, ...args] = wordsOf(environment);
  for (const name of compilerNames(environment)) {
    const answer = await findExecutable(name, { searchPath: environment['PATH'] });
    if (answer.kind === 'found') return [answer.path, ...args];
  }
  return undefined;
}

function wordsOf(environment: Environment): readonly string[] {
  return (environment['CC'] ?? '').split(/\s+/).filter((word) => word !== '');
}
