import assert from 'node:assert/strict';
import { bearsSanitizers, EngineServer } from '../../support/engineServer';
import { random } from '../../support/random';
import { type Argument, type Reply, type RespClient, textOf } from '../../support/respClient';
import { byName, bytesOfStrings, plain, untilTensors } from '../../support/tensors';
import { CommandSource } from './commands';

// Ten million by `npm run fuzz`.
const commands = Number(process.env['FUZZ_COMMANDS'] ?? 60_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

const connections = 6;
const batch = 100;
const remembered = 40;

const elementSizes: Record<string, number> = { FLOAT: 4, DOUBLE: 8, INT16: 2, INT32: 4, INT64: 8, UINT16: 2 };

/** Whatever else a tensor's reply says, its bytes are those of its shape and type. */
function assertWhole(reply: Reply): void {
  if (!Array.isArray(reply) || plain((reply as readonly Reply[])[0] ?? null) !== 'dtype') return;
  const told = byName(reply);
  const blob = told.get('blob');
  if (!(blob instanceof Uint8Array)) return;
  const type = plain(told.get('dtype')!) as string;
  const count = (told.get('shape') as readonly number[]).reduce((product, length) => product * length, 1);
  const elements =
    type === 'STRING' ? blob.filter((byte) => byte === 0).length : blob.length / (elementSizes[type] ?? 1);
  assert.equal(elements, count, JSON.stringify(plain(reply)).slice(0, 500));
}

const shown = (command: readonly Argument[]) =>
  JSON.stringify(command.map((part) => (part instanceof Uint8Array ? textOf(part) : String(part)))).slice(
    0,
    300,
  );

describe('random commands and damaged payloads', () => {
  let server: EngineServer;

  beforeEach(async function () {
    this.timeout(60_000);
    server = await EngineServer.start([], bearsSanitizers ? 'checked' : 'plain');
  });
  afterEach(() => server.stop());

  it(`find no fault${bearsSanitizers ? ' under AddressSanitizer and UBSan' : ''} (${commands} commands, seed ${seed})`, async function () {
    this.timeout(60_000 + commands);
    const each = Math.ceil(commands / connections);
    const histories = Array.from({ length: connections }, (): (readonly Argument[])[] => []);
    try {
      const payloads = await payloadsOf(await server.client());
      await Promise.all(
        histories.map((history, i) =>
          sendRandom(new CommandSource(random(seed * 1000 + i), payloads), each, history),
        ),
      );
      const client = await server.client();
      // Everything has been given back.
      await client.send('FLUSHALL');
      await untilTensors(client, 0);
    } catch (error) {
      const last = histories.map((history, i) => `connection ${i}:\n${history.map(shown).join('\n')}`);
      throw new Error(`Seed ${seed}. ${String(error)}\n${last.join('\n')}\n${reportOf(server.log)}`, {
        cause: error,
      });
    }
    assert.ok(server.alive);
    assert.equal(reportOf(server.log), '');
  });

  /** Sends so many commands in batches; sometimes leaves in the middle of one and comes back. */
  async function sendRandom(
    source: CommandSource,
    count: number,
    history: (readonly Argument[])[],
  ): Promise<void> {
    let client = await server.client();
    for (let sent = 0; sent < count; sent += batch) {
      const replies: Promise<Reply>[] = [];
      for (let i = 0; i < batch; i++) {
        const command = source.command();
        history.push(command);
        replies.push(client.send(...command));
      }
      history.splice(0, history.length - remembered);
      if (source.below(50) === 0) {
        client.close();
        await Promise.allSettled(replies);
        client = await server.client();
        continue;
      }
      for (const reply of await Promise.all(replies)) assertWhole(reply);
      // One reply for each command, or this one would be another's.
      await client.send('DISCARD');
      assert.equal(plain(await client.send('ECHO', sent)), String(sent));
    }
    client.close();
  }
});

/** One payload of each type, from small tensors whose every byte counts. */
async function payloadsOf(client: RespClient): Promise<readonly Uint8Array[]> {
  const payloads: Uint8Array[] = [];
  for (const type of ['FLOAT', 'DOUBLE', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'BOOL']) {
    await client.send('AI.TENSORSET', 'p', type, 2, 2, 'VALUES', 0, 1, 1, 0);
    payloads.push((await client.send('DUMP', 'p')) as Uint8Array);
  }
  await client.send('AI.TENSORSET', 'p', 'STRING', 3, 'BLOB', bytesOfStrings(['', 'a', 'text']));
  payloads.push((await client.send('DUMP', 'p')) as Uint8Array);
  await client.send('DEL', 'p');
  return payloads;
}

/** What a sanitizer or the server's own crash report has written, or nothing. */
function reportOf(log: string): string {
  const at = log.search(/==\d+==ERROR|runtime error:|(?:REDIS|VALKEY|KEYDB) BUG REPORT START/);
  return at < 0 ? '' : log.slice(at, at + 6000);
}
