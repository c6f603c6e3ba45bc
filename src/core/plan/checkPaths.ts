import path from 'node:path';
import { problem, type DocumentPath, type Problem } from '../base/problem';
import type { DirectoryAnswer } from '../site/filesAndDirectories';
import type { ExperimentSpec } from '../spec/experimentSpec';
import { runPaths } from './runPaths';

/** Bytes of a whole path, its end included, on Linux; macOS allows a quarter. */
const longestPath = process.platform === 'darwin' ? 1024 : 4096;
/** Bytes of one name. */
const longestName = 255;

/** Directories that cannot be made or written to, and paths that the system would refuse. */
export function checkPaths(
  spec: ExperimentSpec,
  directories: ReadonlyMap<string, DirectoryAnswer>,
  runId: string,
): readonly Problem[] {
  const paths = runPaths(spec, runId);
  const isDefault = spec.directory === path.join(path.dirname(spec.file), spec.experiment);
  const experimentAt: DocumentPath = [isDefault ? 'experiment' : 'path'];
  const written: readonly { directory: string; at: DocumentPath; files: readonly string[] }[] = [
    {
      directory: spec.directory,
      at: experimentAt,
      files: spec.orchestrators.map(({ identifier, dbNodes }) =>
        // The last shard has the longest name.
        paths.configuration(`${identifier}_${dbNodes - 1}`),
      ),
    },
    ...spec.orchestrators.flatMap(({ unixSocket, at }) =>
      unixSocket === undefined
        ? []
        : [{ directory: path.dirname(unixSocket.path), at: [...at, 'unix_socket'], files: [] }],
    ),
    ...spec.models.map(({ directory, at, name }) => ({
      directory,
      at: [...at, 'path'],
      files: [path.join(directory, `${name}.out`), paths.out(name)],
    })),
  ];
  return written.flatMap(({ directory, at, files }) => {
    const place = { file: spec.file, path: at };
    const tooLong = files.find(isTooLong);
    if (tooLong !== undefined)
      return [
        problem(
          'path-too-long',
          { path: shorten(tooLong), name: longestName, limit: longestPath },
          { place },
        ),
      ];
    const answer = directories.get(directory);
    if (answer === undefined || answer.kind === 'writable') return [];
    const code = answer.kind === 'not-writable' ? 'directory-not-writable' : 'directory-is-file';
    return [problem(code, { directory, nearest: answer.nearest }, { place })];
  });
}

function isTooLong(file: string): boolean {
  return (
    Buffer.byteLength(file) >= longestPath ||
    file.split(path.sep).some((name) => Buffer.byteLength(name) > longestName)
  );
}

function shorten(file: string): string {
  return file.length > 100 ? `${file.slice(0, 50)}…${file.slice(-50)}` : file;
}
