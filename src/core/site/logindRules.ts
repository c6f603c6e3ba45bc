/** What systemd's login manager does to the processes of a session when it ends, as far as its configuration says. */
export interface LogindRules {
  readonly killsProcesses: boolean;
  /** The file that says so; absent where none does and the program's own default counts, which is then taken as no. */
  readonly saidBy?: string;
  /** Not empty: their processes are ended, and nobody else's, whatever `killsProcesses` says. */
  readonly only: readonly string[];
  /** Theirs are not. */
  readonly excluded: readonly string[];
}

/** A configuration file. */
export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the rules out of the main file and its drop-ins, in the order in which systemd reads them: what comes later
 * wins. See logind.conf(5).
 */
export function parseLogindRules(files: readonly ConfigurationFile[]): LogindRules {
  let kills = defaultOf(files);
  let only: readonly string[] = [];
  let excluded: readonly string[] | undefined;
  for (const file of files) {
    for (const [name, value] of settingsOf(file.text)) {
      if (name === 'KillUserProcesses') kills = booleanOf(value, file.path) ?? kills;
      if (name === 'KillOnlyUsers') only = added(only, value);
      if (name === 'KillExcludeUsers') excluded = added(excluded ?? [], value);
    }
  }
  return { ...kills, only, excluded: excluded ?? ['root'] };
}

/** Whether what a session of this user has started is ended with it. */
export function endsSessionsOf(user: string, { killsProcesses, only, excluded }: LogindRules): boolean {
  if (excluded.includes(user)) return false;
  return only.length > 0 ? only.includes(user) : killsProcesses;
}

type Kills = Pick<LogindRules, 'killsProcesses' | 'saidBy'>;

/** The main file as it is delivered names each default of the program in a comment. */
function defaultOf(files: readonly ConfigurationFile[]): Kills {
  for (const { path, text } of files) {
    if (!path.endsWith('/logind.conf')) continue;
    const value = /^\s*#\s*KillUserProcesses\s*=\s*(\S+)\s*$/m.exec(text)?.[1];
    const kills = value === undefined ? undefined : booleanOf(value, path);
    if (kills !== undefined) return kills;
  }
  return { killsProcesses: false };
}

/** The settings of the section `[Login]`, in their order. */
function settingsOf(text: string): readonly (readonly [name: string, value: string])[] {
  let section = '';
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .flatMap((line) => {
      section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
      const [, name, value] = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) ?? [];
      return section === 'Login' && name !== undefined && value !== undefined ? [[name, value] as const] : [];
    });
}

/** undefined: systemd ignores such a value. */
function booleanOf(value: string, saidBy: string): Kills | undefined {
  if (/^(1|yes|y|true|t|on)$/i.test(value)) return { killsProcesses: true, saidBy };
  if (/^(0|no|n|false|f|off)$/i.test(value)) return { killsProcesses: false, saidBy };
  return undefined;
}

/** Several lists add up; an empty one takes back those before. */
function added(before: readonly string[], value: string): readonly string[] {
  const words = value.split(/\s+/).filter((word) => word !== '');
  return words.length === 0 ? [] : [...before, ...words];
}
