import type { Log } from '../../base/log';
import type { Environment } from '../../base/userDirectories';
import { runTool } from '../runTool';

export type StepOutcome =
  { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string };

/** Milliseconds for one tool; downloads over slow lines are meant to end within. */
const limitMs = 15 * 60_000;

/** Runs the tools of one installation: what they say goes to the log, why one failed comes back in words. */
export class InstallTools {
  constructor(
    readonly environment: Environment,
    private readonly log: Log,
    readonly signal: AbortSignal | undefined,
  ) {}

  async run(
    argv: readonly [program: string, ...args: string[]],
    options: { readonly directory?: string; readonly environment?: Environment } = {},
  ): Promise<StepOutcome> {
    const command = argv.join(' ');
    this.log.info(`Running ${command}`);
    const outcome = await runTool({
      argv,
      environment: options.environment ?? this.environment,
      limitMs,
      signal: this.signal,
      onLine: (line) => {
        this.log.debug(line);
      },
      ...(options.directory === undefined ? {} : { directory: options.directory }),
    });
    switch (outcome.kind) {
      case 'not-started':
        return { ok: false, reason: `${argv[0]} could not be started: ${outcome.reason}` };
      case 'cut-short':
        return { ok: false, reason: `${command}: ended before its time (${outcome.by}).` };
      case 'ended':
        return outcome.exitCode === 0
          ? { ok: true, output: outcome.output }
          : {
              ok: false,
              reason: `${command}: exit code ${outcome.exitCode}.\n${lastLines(outcome.errorOutput || outcome.output)}`,
            };
    }
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
