import { problem, type DocumentPath, type Problem, type ProblemArguments } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';
import type { ShardPlan } from '../plan/deploymentPlan';
import type { KnownEnd } from './childProcess';
import { endingInWords } from './ending';
import { lastLinesSince, type Lengths } from './lastLines';

interface Finding {
  readonly code: ProblemCode;
  readonly args: ProblemArguments;
  readonly at?: DocumentPath;
}

/** Why a server ended before it answered, read from its last lines; `before`: its output when it was started. */
export async function serverFailure(
  shard: ShardPlan,
  file: string,
  end: KnownEnd,
  before: Lengths,
): Promise<Problem> {
  return classifyServerFailure(shard, file, end, await lastLinesSince(before));
}

/** The same for a text in hand. The texts are those of Redis 6 to 7 and Valkey 8. */
export function classifyServerFailure(
  shard: ShardPlan,
  file: string,
  end: KnownEnd,
  output: string,
): Problem {
  const finding = classifiers.map((classify) => classify(output, shard)).find((found) => found !== undefined);
  const { code, args, at } = finding ?? {
    code: 'server-died-at-start' as const,
    args: { ending: endingInWords(end), log: shard.out },
  };
  return problem(
    code,
    { shard: shard.name, ...args },
    { place: { file, path: at ?? shard.at }, ...(output === '' ? {} : { evidence: output }) },
  );
}

const classifiers: readonly ((output: string, shard: ShardPlan) => Finding | undefined)[] = [
  refusedConfiguration,
  unreadableConfiguration,
  failedModule,
  failedBind,
];

function refusedConfiguration(output: string, shard: ShardPlan): Finding | undefined {
  const found =
    /FATAL CONFIG FILE ERROR[^\n]*\n[^\n]*at line (?<line>\d+)\n>>> '(?<directive>.*)'\n(?<reason>[^\n]*)/.exec(
      output,
    )?.groups;
  if (found === undefined) return undefined;
  const { line = '', directive = '' } = found;
  const reason = (found['reason'] ?? '').replace(/\.$/, '');
  const name = directive.trim().split(/\s+/)[0]?.toLowerCase() ?? '';
  if (name === 'dir') {
    return { code: 'server-directory-refused', args: { directory: shard.directory, reason } };
  }
  const ofUser = shard.configuration.lines.find((candidate) => candidate.line === Number(line));
  if (ofUser === undefined) {
    return { code: 'server-refused-configuration', args: { path: shard.configuration.path, reason } };
  }
  return { code: 'server-refused-directive', args: { directive, reason }, at: ofUser.at };
}

function unreadableConfiguration(output: string): Finding | undefined {
  const found = /can't open config file '(?<path>.*)': (?<reason>[^\n]*)/.exec(output)?.groups;
  if (found === undefined) return undefined;
  return {
    code: 'server-configuration-unreadable',
    args: { path: found['path'] ?? '', reason: found['reason'] ?? '' },
  };
}

function failedModule(output: string, shard: ShardPlan): Finding | undefined {
  const module = /Can't load module from (?<module>.*): server aborting/.exec(output)?.groups?.['module'];
  if (module === undefined) return undefined;
  const args = { module, reason: moduleFailure(output, module) };
  return { code: 'server-module-failed', args, at: [...shard.at, 'ai'] };
}

/** What the system's loader or the server said, else the last words of the module itself, which come as `<name> words`. */
function moduleFailure(output: string, module: string): string {
  const [, ofServer] = / failed to load: (.+)/.exec(output) ?? [];
  const [, ofModule] = [...output.matchAll(/ <[\w-]+> (.+)/g)].at(-1) ?? [];
  // The loader begins with the path, which is told already.
  const reason = ofServer?.replace(`${module}: `, '') ?? ofModule ?? 'the module refused the server';
  return reason.replace(/\.$/, '');
}

function failedBind(output: string, { port, busPort }: ShardPlan): Finding | undefined {
  const found =
    /Could not create server TCP listening socket (?<address>(?<host>\S+):(?<bound>\d+)): bind: (?<reason>[^\n]*)/.exec(
      output,
    )?.groups;
  if (found === undefined) return undefined;
  const { address = '', host = '', bound, reason } = found;
  if (reason === 'Address already in use') {
    return Number(bound) === busPort
      ? { code: 'bus-port-taken', args: { port, busPort, address: host } }
      : { code: 'server-port-taken', args: { address } };
  }
  if (reason === 'Cannot assign requested address') {
    return { code: 'server-address-missing', args: { address } };
  }
  return undefined;
}
