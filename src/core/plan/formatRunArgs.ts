import path from 'node:path';

type RunArg = readonly [name: string, value: string | null];

/** How a run command wants its arguments, by the last part of its name, as SmartSim formats them. */
const styles: ReadonlyMap<string, (arg: RunArg) => readonly string[]> = new Map([
  ...['mpirun', 'mpiexec', 'orterun'].map((name) => [name, formatForMpi] as const),
  ...['srun', 'jsrun'].map((name) => [name, formatForSlurm] as const),
]);

/** The words between a run command and the program. A run command that is not known gets them as written. */
export function formatRunArgs(runCommand: string, args: readonly RunArg[]): readonly string[] {
  const format = styles.get(path.basename(runCommand)) ?? formatAsWritten;
  return args.flatMap((arg) => format(arg));
}

function formatForMpi([name, value]: RunArg): readonly string[] {
  const option = `--${withoutDashes(name)}`;
  return value === null ? [option] : [option, value];
}

function formatForSlurm([name, value]: RunArg): readonly string[] {
  const bare = withoutDashes(name);
  if (bare.length === 1) return value === null ? [`-${bare}`] : [`-${bare}`, value];
  return [value === null ? `--${bare}` : `--${bare}=${value}`];
}

function formatAsWritten([name, value]: RunArg): readonly string[] {
  return value === null ? [name] : [name, value];
}

function withoutDashes(name: string): string {
  return name.replace(/^-+/, '');
}

/** Arguments that would move a program out of its working directory, or replace it, by run command. */
export function isReservedRunArg(runCommand: string, name: string): boolean {
  return (
    styles.get(path.basename(runCommand)) === formatForMpi && ['wd', 'wdir'].includes(withoutDashes(name))
  );
}
