import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { RespClient, ReplyError, textOf, type Argument, type Reply } from './respClient';
import { slotOf } from './slotOf';

interface Server {
  readonly port: number;
}

/** A slot whose keys are on their way to another server. */
interface Move {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** Keys of few slots, so that each of them has many. */
const tags = Array.from({ length: 24 }, (_, number) => `{t${number}}`);

/**
 * The keys of servers, which change as a seed says, and a plain record of them: what is there, what was there all the time,
 * what was ever there. Keys are texts of which each character is a byte.
 */
export class ChangingKeyspace {
  readonly live = new Set<string>();
  readonly ever = new Set<string>();
  /** Since `watch`. */
  throughout = new Set<string>();
  private readonly moves: Move[] = [];
  private readonly owners: number[];
  private made = 0;

  private constructor(
    private readonly servers: readonly Server[],
    private readonly clients: readonly RespClient[],
    private readonly random: () => number,
  ) {
    this.owners = Array.from({ length: 16_384 }, (_, slot) =>
      servers.length === 1 ? 0 : slot <= 5460 ? 0 : slot <= 10922 ? 1 : 2,
    );
  }

  static async of(servers: readonly Server[], random: () => number): Promise<ChangingKeyspace> {
    const clients = await Promise.all(servers.map(({ port }) => RespClient.connect(port)));
    return new ChangingKeyspace(servers, clients, random);
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  watch(): void {
    this.throughout = new Set(this.live);
  }

  /** One change: many new keys, many less, other names, or a step of a slot to another server. */
  async change(): Promise<void> {
    const chance = this.random();
    if (chance < 0.25) await this.add(Math.floor(this.random() * 400));
    else if (chance < 0.45) await this.remove(Math.floor(this.random() * 100));
    else if (chance < 0.6) await this.rename(Math.floor(this.random() * 50));
    else if (this.servers.length > 1) await this.moveOn();
  }

  async add(count: number): Promise<void> {
    const keys = Array.from({ length: count }, () => this.newKey()).filter((key) => !this.isMoving(key));
    await Promise.all(keys.map((key) => this.send(key, 'SET', bytesOf(key), 'value')));
    for (const key of keys) this.appeared(key);
  }

  private async remove(count: number): Promise<void> {
    const keys = this.some(count);
    await Promise.all(keys.map((key) => this.send(key, 'UNLINK', bytesOf(key))));
    for (const key of keys) this.vanished(key);
  }

  private async rename(count: number): Promise<void> {
    for (const key of this.some(count)) {
      const other = `${tagOf(key)}${this.newKey()}`;
      await this.send(key, 'RENAME', bytesOf(key), bytesOf(other));
      this.vanished(key);
      this.appeared(other);
    }
  }

  /** Half of a slot goes, then the rest of it. */
  private async moveOn(): Promise<void> {
    const open = this.moves.length === 3 || this.random() < 0.5 ? this.moves.shift() : undefined;
    await (open === undefined ? this.beginMove() : this.finishMove(open));
  }

  private async beginMove(): Promise<void> {
    const slot = slotOf(tagText(this.pick(tags)));
    if (this.moves.some((move) => move.slot === slot)) return;
    const from = this.owners[slot]!;
    const to = (from + 1 + Math.floor(this.random() * 2)) % this.servers.length;
    const move = { slot, from, to };
    await this.tell(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', await this.idOf(from));
    await this.tell(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', await this.idOf(to));
    const keys = this.keysIn(slot);
    await this.migrate(move, keys.slice(0, Math.floor(keys.length / 2)));
    this.moves.push(move);
  }

  private async finishMove(move: Move): Promise<void> {
    await this.migrate(move, this.keysIn(move.slot));
    const id = await this.idOf(move.to);
    // The new owner first, as redis-cli does.
    for (const place of [move.to, move.from, 3 - move.to - move.from])
      await this.tell(place, 'CLUSTER', 'SETSLOT', move.slot, 'NODE', id);
    this.owners[move.slot] = move.to;
    await this.agreed();
  }

  /**
   * Until all servers tell the same of who has which slots, and since when: a server that does not know yet how often slots have gone
   * to another one may take a slot back that has just left it, and nobody finds its keys any more.
   */
  private async agreed(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const views = await Promise.all(this.servers.map((_, place) => this.viewOf(place)));
      if (new Set(views).size === 1) return;
      assert.ok(tries < 2000, views.join('\n\n'));
      await delay(5);
    }
  }

  /** Of each server its name, its epoch and its slots but for those on their way. */
  private async viewOf(place: number): Promise<string> {
    const told = await this.tell(place, 'CLUSTER', 'NODES');
    const lines = told instanceof Uint8Array ? textOf(told).trim().split('\n') : [];
    return lines
      .map((line) => line.split(' '))
      .map(([id, , , , , , epoch, , ...slots]) =>
        [id, epoch, ...slots.filter((slot) => !slot.startsWith('['))].join(' '),
      )
      .sort()
      .join('\n');
  }

  private async migrate({ from, to }: Move, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const { port } = this.servers[to]!;
    await this.tell(from, 'MIGRATE', '127.0.0.1', port, '', 0, 10_000, 'KEYS', ...keys.map(bytesOf));
  }

  private keysIn(slot: number): readonly string[] {
    return [...this.live].filter((key) => slotOf(tagText(tagOf(key))) === slot);
  }

  private isMoving(key: string): boolean {
    const slot = slotOf(tagText(tagOf(key)));
    return this.moves.some((move) => move.slot === slot);
  }

  private some(count: number): readonly string[] {
    const all = [...this.live].filter((key) => !this.isMoving(key));
    const chosen = new Set<string>();
    for (let tries = 0; tries < count && all.length > 0; tries += 1) chosen.add(this.pick(all));
    return [...chosen];
  }

  private newKey(): string {
    const tail = Array.from({ length: Math.floor(this.random() * 12) }, () =>
      String.fromCharCode(Math.floor(this.random() * 256)),
    );
    return `${this.pick(tags)}${this.made++}:${tail.join('')}`;
  }

  private appeared(key: string): void {
    this.live.add(key);
    this.ever.add(key);
  }

  private vanished(key: string): void {
    this.live.delete(key);
    this.throughout.delete(key);
  }

  private pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.random() * all.length)]!;
  }

  private async idOf(place: number): Promise<string> {
    const id = await this.tell(place, 'CLUSTER', 'MYID');
    return id instanceof Uint8Array ? textOf(id) : '';
  }

  private send(key: string, ...words: Argument[]): Promise<Reply> {
    return this.tell(this.owners[slotOf(tagText(tagOf(key)))]!, ...words);
  }

  private async tell(place: number, ...words: Argument[]): Promise<Reply> {
    const reply = await this.clients[place]!.send(...words);
    assert.ok(!(reply instanceof ReplyError), `${String(words[0])}: ${String(reply)}`);
    return reply;
  }
}

const bytesOf = (key: string): Uint8Array => Uint8Array.from(key, (character) => character.charCodeAt(0));
const tagOf = (key: string): string => key.slice(0, key.indexOf('}') + 1);
/** What the slot follows from. */
const tagText = (tag: string): string => tag.slice(1, -1);
