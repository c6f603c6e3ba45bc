import { parseArgs } from 'node:util';
import { programVersion } from '../core/base/programVersion';
import type { Command, CommandContext, Output } from './command';
import { UsageError } from './command';
import { commands } from './commands';
import { exitCode, type ExitCode } from './exitCodes';

/** Part of what was to be told could not be written. */
let outputFailed = false;

async function main(words: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === 'help') {
    outputTo(process.stdout, () => undefined).write(overview());
    return name === undefined ? exitCode.wrongUsage : exitCode.done;
  }
  if (name === '--version') {
    process.stdout.write(`${programVersion}\n`);
    return exitCode.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    process.stderr.write(`ssw: there is no command ${JSON.stringify(name)}. Run \`ssw --help\`.\n`);
    return exitCode.wrongUsage;
  }
  if (asksForHelp(rest)) {
    const details = command.details === undefined ? '' : `\n${command.details}`;
    process.stdout.write(`${usageOf(command)}\n\n${command.summary}\n${details}`);
    return exitCode.done;
  }
  let context: CommandContext | undefined;
  try {
    context = contextOf(command, rest);
    return await command.run(context);
  } catch (error) {
    if (context?.signal.aborted === true && error === context.signal.reason) {
      const left = command.whenInterrupted === undefined ? '' : `; ${command.whenInterrupted}`;
      context.err.write(`ssw ${command.name}: interrupted${left}.\n`);
      return exitCode.interrupted;
    }
    if (!isUsageError(error)) throw error;
    process.stderr.write(`ssw ${command.name}: ${error.message}\n${usageOf(command)}\n`);
    return exitCode.wrongUsage;
  }
}

/** After `--` a word is a name, whatever it looks like. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).includes('--help');
}

function usageOf({ name, usage }: Command): string {
  return `usage: ssw ${name} ${usage} [--json]`;
}

function overview(): string {
  const width = Math.max(...commands.map(({ name, usage }) => name.length + usage.length));
  const rows = commands.map(
    ({ name, usage, summary }) => `  ssw ${`${name} ${usage}`.padEnd(width + 1)}   ${summary}\n`,
  );
  return `SmartSim experiments from the command line.\n\n${rows.join('')}\nEvery command takes --json (result as JSON on stdout) and --help. \`ssw --version\` prints the version.\n`;
}

function contextOf(command: Command, words: readonly string[]): CommandContext {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { ...command.options, json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const interrupted = new AbortController();
  let next: (() => void) | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!interrupted.signal.aborted) {
        interrupted.abort(new Error(`interrupted by ${signal}`));
        return;
      }
      const act = next ?? endAtOnce;
      next = undefined;
      act();
    });
  }
  // Whoever reads the progress may go; whoever reads the result was what the command runs for.
  const err = outputTo(process.stderr, () => undefined);
  const say = (message: string): void => {
    err.write(`${message}\n`);
  };
  return {
    positionals,
    values,
    json: values.json === true,
    environment: process.env,
    directory: process.cwd(),
    out: outputTo(process.stdout, (reason) => {
      interrupted.abort(reason);
    }),
    err,
    log: { debug: () => undefined, info: say, warn: say, error: say },
    signal: interrupted.signal,
    onNextInterrupt: (act) => {
      next = act;
    },
  };
}

/** By the signal itself, which shells show as 130: Node's own exit waits for file operations that may never return. */
function endAtOnce(): void {
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

/** `onClosed`: the reader has gone, as after `| head`. Any other failure to write is told, and ends with 1. */
function outputTo(stream: NodeJS.WriteStream, onClosed: (reason: Error) => void): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      onClosed(error);
      return;
    }
    outputFailed = true;
    if (stream !== process.stderr)
      process.stderr.write(`ssw: the output cannot be written: ${error.message}\n`);
    process.exitCode = exitCode.failed;
  });
  return {
    isTerminal: stream.isTTY,
    write: (text) => {
      stream.write(text);
    },
    drained: () => drained(stream),
  };
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (!stream.writableNeedDrain) {
      resolve();
      return;
    }
    const done = (): void => {
      for (const event of ['drain', 'close', 'error']) stream.removeListener(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stream.on(event, done);
  });
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}

// The one place of the command line that catches everything: what arrives here is a bug.
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = outputFailed ? exitCode.failed : code;
  },
  (error: unknown) => {
    process.stderr.write(
      `ssw: internal fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = exitCode.internalFault;
  },
);
