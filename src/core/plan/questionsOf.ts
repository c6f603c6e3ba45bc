import path from 'node:path';
import type { SiteQuestions } from '../site/site';
import type { ExperimentSpec, ModelSpec } from '../spec/experimentSpec';

/** All that a plan needs to know about the machine. */
export function questionsOf(spec: ExperimentSpec): SiteQuestions {
  const folder = path.dirname(spec.file);
  return {
    servers: spec.orchestrators.length > 0,
    aiModules: spec.orchestrators.some(({ ai }) => ai.provider !== 'none'),
    ports: spec.orchestrators.map(({ port, networkInterfaces, dbNodes }) => ({
      port,
      networkInterfaces,
      servers: dbNodes,
      clustered: dbNodes > 1,
    })),
    executables: unique(
      spec.models.flatMap(({ runSettings: { exe, runCommand } }) =>
        runCommand === undefined ? [exe] : [runCommand, exe],
      ),
    ),
    folder,
    files: unique(
      spec.models.flatMap((model) => [
        ...[...model.files.toCopy, ...model.files.toSymlink].map((staged) => staged.path),
        ...looseArguments(model).flatMap(({ argument }) => [
          path.resolve(folder, argument),
          path.resolve(model.directory, argument),
        ]),
      ]),
    ),
    directories: unique([
      spec.directory,
      ...spec.models.map(({ directory }) => directory),
      ...spec.orchestrators.flatMap(({ unixSocket }) =>
        unixSocket === undefined ? [] : [path.dirname(unixSocket.path)],
      ),
    ]),
  };
}

/** Arguments that may name a file by a relative path, with their index. */
export function looseArguments(
  model: ModelSpec,
): readonly { readonly index: number; readonly argument: string }[] {
  return model.runSettings.exeArgs
    .map((argument, index) => ({ index, argument }))
    .filter(({ argument }) => argument !== '' && !argument.startsWith('-') && !path.isAbsolute(argument));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
