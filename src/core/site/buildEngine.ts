import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../base/log';
import { messageOf, problem, type Problem } from '../base/problem';
import { programVersion } from '../base/programVersion';
import { failure, success, type Result } from '../base/result';
import type { AiModule } from './aiModule';
import { builtEnginePath, enginesFolder } from './builtEngine';
import { objectToAi } from './chooseAiModule';
import { compilerNames, findCompiler, type Compiler } from './compiler';
import { libraryKind } from './libraryKind';
import type { AiModuleSearch } from './listAiModules';
import { runTool } from './runTool';
import { removeStaleFolders } from './staleFolders';

export interface BuildOptions extends AiModuleSearch {
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds for the compiler, which takes seconds. */
const limitMs = 120_000;

const temporaryPrefix = '.build-';

/** Lines of the compiler's that are shown when it fails. */
const linesShown = 20;

/**
 * Compiles the AI engine of the package with this machine's C compiler into `<data>/engines`, where `listAiModules` finds it
 * before the library of the package. It appears there whole or not at all, also where several are at it.
 */
export async function buildEngine(options: BuildOptions): Promise<Result<AiModule>> {
  const { environment, dataDirectory, engine, log } = options;
  const library = await builtEnginePath(dataDirectory, engine.sources);
  if (library === undefined) return failure(problem('engine-sources-missing', { folder: engine.sources }));
  const compiler = await findCompiler(environment);
  if (compiler === undefined)
    return failure(problem('engine-no-compiler', { names: compilerNames(environment).join(', ') }));

  const engines = enginesFolder(dataDirectory);
  const folder = path.join(engines, `${temporaryPrefix}${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(engines, { recursive: true, mode: 0o700 });
    await removeStaleFolders(engines, temporaryPrefix);
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    return failure(notWritable(engines, error));
  }
  try {
    log.info(`Compiling the AI engine with ${compiler[0]}`);
    const fresh = path.join(folder, 'engine.so');
    const objection = await compile(compiler, fresh, options);
    if (objection !== undefined) return failure(objection);
    await chmod(fresh, 0o500);
    await mkdir(path.dirname(library), { recursive: true, mode: 0o700 });
    await rename(fresh, library);
  } catch (error) {
    return failure(notWritable(engines, error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  log.info(`Built the AI engine: ${library}`);
  return success({ provider: 'builtin', origin: 'built', path: library, version: programVersion });
}

/** Why there is no library at `target` now that this machine could load; undefined if there is. */
async function compile(
  compiler: Compiler,
  target: string,
  { environment, engine, log, signal }: BuildOptions,
): Promise<Problem | undefined> {
  const failed = (evidence: string): Problem =>
    problem('engine-build-failed', { compiler: compiler.join(' ') }, { evidence });
  const outcome = await runTool({
    // Named from the sources' folder: no path of this machine gets into the library.
    argv: [...compiler, ...(await argumentsFor(engine.sources)), '-o', target],
    directory: engine.sources,
    environment,
    limitMs,
    signal,
    onLine: (line) => {
      log.debug(line);
    },
  });
  switch (outcome.kind) {
    case 'not-started':
      return failed(outcome.reason);
    case 'cut-short':
      if (outcome.by === 'cancel') return problem('engine-build-cancelled');
      return failed(`It was ended before its time (${outcome.by}).\n${lastLines(outcome.errorOutput)}`);
    case 'ended': {
      if (outcome.exitCode !== 0) return failed(lastLines(outcome.errorOutput || outcome.output));
      const kind = await libraryKind(target);
      if (kind === 'usable') return undefined;
      return failed(messageOf(objectToAi({ kind, provider: 'builtin', origin: 'built', path: target })));
    }
  }
}

async function argumentsFor(sources: string): Promise<readonly string[]> {
  const told = JSON.parse(await readFile(path.join(sources, 'compile.json'), 'utf8')) as Readonly<
    Record<'common' | 'release' | 'linux' | 'darwin', readonly string[]>
  >;
  const linking = process.platform === 'darwin' ? told.darwin : told.linux;
  const units = (await readdir(sources)).filter((name) => name.endsWith('.c'));
  return [...told.common, ...told.release, ...linking, `-DENGINE_VERSION="${programVersion}"`, ...units];
}

function lastLines(text: string): string {
  return text.split('\n').slice(-linesShown).join('\n');
}

function notWritable(folder: string, error: unknown): Problem {
  const evidence = error instanceof Error ? error.message : String(error);
  return problem('engine-folder-not-writable', { folder }, { evidence });
}
