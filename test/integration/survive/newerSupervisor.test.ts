import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { openRun } from '../../../src/core/run/openRun';
import { RunIndex } from '../../../src/core/run/runIndex';
import type { RunRecord } from '../../../src/core/run/runRecord';
import { modelSnapshot, runSnapshot } from '../../support/runSnapshots';
import { CommandLine } from '../../support/commandLine';
import { untilRunIs } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** What a later version may add without taking anything away: fields anywhere, and problems of its own. */
const cause = { code: 'invented-later', args: { depth: 3 }, severityOfLater: 'grave' };
const model = { ...modelSnapshot({ status: 'Failed', endedAt: 9 }), cause, energy: { joules: 7 } };
const run = { ...runSnapshot({ phase: 'degraded' }), cause, models: [model], forecast: ['sunny'] };
const stopped = { ...run, phase: 'stopped', endedAt: 10, sequence: 20 };

/**
 * A supervisor of a later version that still speaks protocol 1, by hand: no library of ours may hide what its
 * messages look like on the wire.
 */
class LaterSupervisor {
  readonly asked: string[] = [];
  private readonly server: Server;

  constructor(readonly path: string) {
    this.server = createServer((socket) => {
      this.serve(socket);
    });
    this.server.listen(path);
  }

  close(): void {
    this.server.close();
  }

  private serve(socket: Socket): void {
    let rest = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      rest += chunk;
      for (;;) {
        const head = /^Content-Length: (\d+)\r\n\r\n/.exec(rest);
        const end = (head?.[0].length ?? 0) + Number(head?.[1]);
        if (head === null || rest.length < end) return;
        const { id, method } = JSON.parse(rest.slice(head[0].length, end)) as {
          id?: number;
          method?: string;
        };
        rest = rest.slice(end);
        if (method !== undefined && id !== undefined) this.answer(socket, id, method);
      }
    });
    socket.on('error', () => undefined);
  }

  private answer(socket: Socket, id: number, method: string): void {
    this.asked.push(method);
    const results: Readonly<Record<string, object>> = {
      hello: { protocol: 9, minimum: 1, runId: run.id, version: '9.0.0', features: ['forecast'] },
      status: { run, costs: 1 },
      subscribe: { run, costs: 1 },
      measure: { costs: 1 },
      stop: { run: stopped, costs: 1 },
    };
    send(socket, { id, result: results[method] });
    if (method !== 'subscribe') return;
    send(socket, { method: 'forecast', params: { sunny: true } });
    send(socket, { id: 'later-1', method: 'mayI', params: {} });
    const recorded = { at: 9, elapsedMs: 9, nanoseconds: '9' };
    const invented = { type: 'invented-later', entity: { kind: 'galaxy', name: 'x' } };
    send(socket, { method: 'event', params: { ...recorded, sequence: 18, event: invented } });
    const known = { type: 'stop-requested', by: 'somebody' };
    send(socket, { method: 'event', params: { ...recorded, sequence: 19, event: known } });
  }
}

function send(socket: Socket, message: object): void {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8';
  socket.write(`${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

describe('a supervisor of a later version that still speaks the protocol of today', () => {
  let work: WorkDirectory;
  let supervisor: LaterSupervisor;
  let record: RunRecord;

  beforeEach(async () => {
    work = workDirectory();
    supervisor = new LaterSupervisor(path.join(work.path, 's.sock'));
    record = {
      version: 1,
      id: run.id,
      experiment: run.experiment,
      file: path.join(work.path, 'lattice.smartsim.yaml'),
      runDirectory: path.join(work.path, 'none'),
      host: run.host,
      createdAt: 0,
      socket: supervisor.path,
    };
    writeFileSync(record.file, 'version: 1\nexperiment: lattice\n');
    assert.equal(await new RunIndex(work.directories).add(record), undefined);
  });
  afterEach(() => {
    supervisor.close();
    work.remove();
  });

  it('is followed: what is known of its events and states is shown, and the rest does no harm', async () => {
    const opened = await openRun(record);
    try {
      assert.equal(opened.live, true);
      await untilRunIs(
        opened,
        'the known event has arrived',
        ({ snapshot }) => snapshot.phase === 'stopping',
      );
      assert.equal(opened.snapshot.sequence, 19);
      assert.match(messageOf(opened.snapshot.models[0]!.cause!), /newer version/);
      await opened.measure();
      const ended = await opened.stop();
      assert.ok(ended.ok);
      assert.equal(ended.value.phase, 'stopped');
    } finally {
      opened.dispose();
    }
    assert.deepEqual(supervisor.asked, ['hello', 'subscribe', 'measure', 'stop']);
  });

  it('is shown and stopped from the command line', async () => {
    const cli = new CommandLine(work);
    const shown = await cli.ssw('status', '--json');
    assert.equal(shown.exitCode, 0, shown.err);
    const { runs } = JSON.parse(shown.out) as { runs: { models: { cause: { code: string } }[] }[] };
    assert.equal(runs[0]?.models[0]?.cause.code, 'invented-later');
    assert.match((await cli.ssw('status')).out, /invented-later: .*newer version/);
    const down = await cli.ssw('down', cli.file);
    assert.equal(down.exitCode, 0, down.err);
    assert.ok(supervisor.asked.includes('stop'));
  });
});
