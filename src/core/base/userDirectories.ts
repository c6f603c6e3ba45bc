import os from 'node:os';
import path from 'node:path';

/** Environment variables as Node gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where this user's own files lie, after the XDG base directory specification. */
export interface UserDirectories {
  /** Index of runs and the like: small, kept. `$XDG_STATE_HOME/smartsim-workbench`. */
  readonly state: string;
  /** Installed servers: large, kept, can be installed again. `$XDG_DATA_HOME/smartsim-workbench`. */
  readonly data: string;
  /** Candidates for the directory of sockets, best first; which one serves depends on path lengths and rights. */
  readonly runtimeCandidates: readonly string[];
}

export function userDirectories(environment: Environment, userId: number): UserDirectories {
  const home = environment['HOME'] ?? os.homedir();
  const name = 'smartsim-workbench';
  const runtime = environment['XDG_RUNTIME_DIR'];
  return {
    state: path.join(environment['XDG_STATE_HOME'] ?? path.join(home, '.local/state'), name),
    data: path.join(environment['XDG_DATA_HOME'] ?? path.join(home, '.local/share'), name),
    runtimeCandidates: [runtime, environment['TMPDIR'] ?? os.tmpdir(), '/tmp']
      .filter((directory): directory is string => directory !== undefined && directory !== '')
      .map((directory) => path.join(directory, `ssw-${userId}`)),
  };
}
