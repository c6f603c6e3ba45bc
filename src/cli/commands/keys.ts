import { utf8 } from '../../core/base/bytes';
import { Database } from '../../core/database/database';
import { KeyNames } from '../../core/keyspace/names/keyNames';
import { KeyspaceScan } from '../../core/keyspace/scan/keyspaceScan';
import type { Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { printable } from '../render/printable';
import { dataOptions, liveOrchestrator } from './dataPlace';

/** Lists the keys of a live orchestrator, whatever their bytes. */
export const keys: Command = {
  name: 'keys',
  usage: '[--match PATTERN] [--type TYPE] [--file FILE] [--orchestrator ID]',
  summary: 'list the keys of a live orchestrator, each shard once through',
  options: { ...dataOptions, match: { type: 'string' }, type: { type: 'string' } },
  async run(context): Promise<ExitCode> {
    const { json, out, signal, values } = context;
    const live = await liveOrchestrator(context);
    if (!live.ok) return tellFailure(live.problems, context);
    const { run, orchestrator } = live.value;
    const opened = await Database.open(
      {
        id: `run:${run}/${orchestrator.id}`,
        name: orchestrator.id,
        endpoints: orchestrator.shards.map(({ host, port }) => ({ kind: 'tcp', host, port })),
        own: true,
      },
      { limitMs: 10_000, signal },
    );
    if (!opened.ok) return tellFailure(opened.problems, context);
    const { match, type } = values;
    const names = new KeyNames();
    const scan = new KeyspaceScan(opened.value, names, {
      pace: 'kind',
      ...(typeof match === 'string' ? { match: utf8(match) } : {}),
      ...(typeof type === 'string' ? { type } : {}),
    });
    await scan.run();
    opened.value.dispose();
    names.settle();
    for (let place = 0; place < names.count; place += 1) {
      const name = Buffer.from(names.nameAt(place));
      out.write(
        json
          ? `${JSON.stringify({ name: name.toString(), key: name.toString('base64') })}\n`
          : `${printable(name.toString())}\n`,
      );
    }
    return exitCode.done;
  },
};
