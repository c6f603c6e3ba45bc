import assert from 'node:assert/strict';
import type { DatabaseServer } from './databaseServer';
import { textOf, type Argument, type Reply } from './respClient';

/** A slot of a real cluster that is on its way from one shard to another. */
export class MovingSlot {
  constructor(
    readonly slot: number,
    readonly from: DatabaseServer,
    readonly to: DatabaseServer,
  ) {}

  /** From now on the old shard sends those on who ask for keys that it has no more. */
  async begin(): Promise<void> {
    const [from, to] = [await idOf(this.from), await idOf(this.to)];
    assert.equal(await this.to.send('CLUSTER', 'SETSLOT', this.slot, 'IMPORTING', from), 'OK');
    assert.equal(await this.from.send('CLUSTER', 'SETSLOT', this.slot, 'MIGRATING', to), 'OK');
  }

  async move(keys: readonly Argument[]): Promise<void> {
    assert.equal(await this.moveThose(keys), 'OK');
  }

  /** Those of the keys that are there: `NOKEY` where none is. */
  async moveThose(keys: readonly Argument[]): Promise<'OK' | 'NOKEY'> {
    const reply = await this.from.send(
      ...['MIGRATE', '127.0.0.1', this.to.port, '', 0, 5000, 'KEYS', ...keys],
    );
    assert.ok(reply === 'OK' || reply === 'NOKEY', String(reply));
    return reply;
  }

  /** From now on the new shard has the slot; `servers` are told. */
  async end(servers: readonly DatabaseServer[]): Promise<void> {
    const id = await idOf(this.to);
    for (const server of [this.to, ...servers.filter((one) => one !== this.to)])
      assert.equal(await server.send('CLUSTER', 'SETSLOT', this.slot, 'NODE', id), 'OK');
  }
}

async function idOf(server: DatabaseServer): Promise<string> {
  const reply: Reply = await server.send('CLUSTER', 'MYID');
  return reply instanceof Uint8Array ? textOf(reply) : String(reply);
}
