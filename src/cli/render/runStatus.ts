import { localTime } from '../../core/base/localTime';
import type {
  CauseStatus,
  ModelStatus,
  OrchestratorStatus,
  RunStatus,
  ShardStatus,
} from '../../core/deployment/toRunStatus';
import { slotsInWords } from '../../core/plan/slotRanges';
import { toneOf, type Paint } from './paint';
import { indent, printableLine } from './printable';

/**
 * One run for people: a head line, then a line for each shard and each model. A cause is told in full
 * once; where it comes again, and where it was told before (`told`, messages), its code stands for it.
 */
export function renderRunStatus(run: RunStatus, paint: Paint, told: readonly string[] = []): string {
  const seen = new Set(told);
  const causeLines = (cause: CauseStatus | undefined, by: number): readonly string[] => {
    if (cause === undefined) return [];
    const short = seen.has(cause.message);
    seen.add(cause.message);
    return (short ? [cause.code] : fullCause(cause)).map((line) => indent(printableLine(line), by));
  };
  const head = `${printableLine(run.experiment)}  ${paint(toneOf(run.phase), run.phase)}  run ${run.id} on ${run.host}`;
  const names = [...run.orchestrators.flatMap(({ shards }) => shards), ...run.models].map(
    ({ name }) => name.length,
  );
  const width = Math.max(0, ...names);
  const lines = [
    head,
    indent(printableLine(run.file), 2),
    ...causeLines(run.cause, 2),
    ...run.orchestrators.flatMap((orchestrator) => orchestratorLines(orchestrator, width, paint, causeLines)),
    ...run.models.flatMap((model) => modelLines(model, width, paint, causeLines)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

type CauseLines = (cause: CauseStatus | undefined, by: number) => readonly string[];

function orchestratorLines(
  orchestrator: OrchestratorStatus,
  width: number,
  paint: Paint,
  causeLines: CauseLines,
): readonly string[] {
  const { id, phase, engine, version, ai, ssdb } = orchestrator;
  return [
    `  ${id}  ${paint(toneOf(phase), phase)}  ${engine} ${version}  AI: ${ai}  SSDB=${ssdb}`,
    ...orchestrator.shards.flatMap((shard) => [
      `    ${shard.name.padEnd(width)}  ${paint(toneOf(shard.status), shard.status.padEnd(12))}  ${shardDetails(shard)}`.trimEnd(),
      ...causeLines(shard.cause, 6),
    ]),
  ];
}

function shardDetails(shard: ShardStatus): string {
  const { host, port, slots, pid, notAnsweringSince, refusingWrites, usedMemory, clients, keys } = shard;
  return [
    `${host}:${port}`,
    ...(slots.length === 0 ? [] : [`slots ${slotsInWords(slots)}`]),
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(notAnsweringSince === undefined
      ? []
      : [`not answering since ${localTime(Date.parse(notAnsweringSince))}`]),
    ...(refusingWrites === undefined ? [] : ['refusing writes']),
    ...(usedMemory === null ? [] : [`${(usedMemory / 1024 ** 2).toFixed(1)} MiB`]),
    ...(clients === null ? [] : [`${clients} ${clients === 1 ? 'client' : 'clients'}`]),
    ...(keys === null ? [] : [`${keys} ${keys === 1 ? 'key' : 'keys'}`]),
  ].join('  ');
}

function modelLines(
  model: ModelStatus,
  width: number,
  paint: Paint,
  causeLines: CauseLines,
): readonly string[] {
  const { name, status, pid, returnCode } = model;
  const details = [
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(returnCode === undefined || returnCode === null ? [] : [`return code ${returnCode}`]),
  ].join('  ');
  return [
    `    ${name.padEnd(width)}  ${paint(toneOf(status), status.padEnd(12))}  ${details}`.trimEnd(),
    ...causeLines(model.cause, 6),
  ];
}

function fullCause({ code, message, remedy }: CauseStatus): readonly string[] {
  return [`${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])];
}
