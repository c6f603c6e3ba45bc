import { withChecksum, withEncoding } from '../../support/dumpPayload';
import { type Argument } from '../../support/respClient';

const types = ['FLOAT', 'DOUBLE', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'BOOL', 'STRING'];
const sizes: Record<string, number> = { FLOAT: 4, DOUBLE: 8, INT16: 2, INT32: 4, INT64: 8, UINT16: 2 };
const words = ['BLOB', 'VALUES', 'META', 'BINS', 'GET', 'RESETSTAT', 'MODEL_CHUNK_SIZE', '', '\0', 'FLOAT\0'];
const odd = [
  ...[
    '0',
    '-1',
    '1',
    '64',
    '65535',
    '2147483648',
    '4294967296',
    '9223372036854775807',
    '-9223372036854775808',
  ],
  ...['9223372036854775808', '1e3', 'nan', 'inf', '-inf', ' 1', '0x10', '1.5', '99999999999999999999'],
];

/** Makes commands at random: valid ones, nearly valid ones, and senseless ones. The same for the same numbers. */
export class CommandSource {
  /** @param payloads what DUMP has given, to be damaged */
  constructor(
    private readonly next: () => number,
    private readonly payloads: readonly Uint8Array[],
  ) {}

  command(): readonly Argument[] {
    const made = this.whole();
    if (this.below(12) > 0) return made;
    return this.spoilt([...made]);
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  private pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  private key(): string {
    return `k${this.below(10)}`;
  }

  private bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() * 256);
  }

  private whole(): readonly Argument[] {
    const kind = this.below(100);
    if (kind < 30) return this.set();
    if (kind < 45) return ['AI.TENSORGET', this.key(), ...this.format()];
    if (kind < 60) return ['TENSOR.SLICE', this.key(), ...this.slices()];
    if (kind < 68) return ['TENSOR.RANGE', this.key(), this.below(20), 1 + this.below(20)];
    if (kind < 78)
      return ['TENSOR.STATISTICS', this.key(), ...(this.below(2) > 0 ? ['BINS', this.below(40)] : [])];
    if (kind < 88) return this.restore();
    if (kind < 97) return this.ofServer();
    return this.pick<readonly Argument[]>([
      ['TENSOR.VERSION', this.key()],
      ['AI.INFO', this.key()],
      ['AI.CONFIG', 'GET', this.pick(words)],
      ['AI.CONFIG', 'MODEL_CHUNK_SIZE', this.pick(odd)],
      ['AI.CONFIG', 'LOADBACKEND', 'TORCH', 'x'],
      ['AI.CONFIG', 'BACKENDSPATH', 'x'.repeat(this.below(5000))],
    ]);
  }

  private format(): readonly string[] {
    return this.pick([[], ['META'], ['BLOB'], ['VALUES'], ['META', 'BLOB'], ['META', 'VALUES']]);
  }

  private set(): readonly Argument[] {
    const type = this.pick(types);
    // Now and then as much as is read in turns.
    const large = this.below(400) === 0;
    const shape = large
      ? [100 + this.below(600), 600]
      : Array.from({ length: this.below(4) }, () => 1 + this.below(5));
    const count = shape.reduce((product, length) => product * length, 1);
    const head = ['AI.TENSORSET', this.key(), type, ...shape];
    const form = this.below(3);
    if (form === 0 || large) return shape.length > 0 ? head : [...head, 'VALUES', 1];
    if (form === 1)
      return [...head, 'VALUES', ...Array.from({ length: count }, () => this.below(3) - this.below(2))];
    return [...head, 'BLOB', this.blob(type, count)];
  }

  private blob(type: string, count: number): Uint8Array {
    if (type === 'BOOL') return Uint8Array.from({ length: count }, () => this.below(2));
    if (type !== 'STRING') return this.bytes(count * (sizes[type] ?? 1));
    return new TextEncoder().encode(
      Array.from({ length: count }, () => `${'s'.repeat(this.below(5))}\0`).join(''),
    );
  }

  private slices(): readonly number[] {
    return Array.from({ length: this.below(4) }, () => {
      const start = this.below(3);
      return [start, start + 1 + this.below(3), 1 + this.below(3)];
    }).flat();
  }

  private restore(): readonly Argument[] {
    const payload = this.pick(this.payloads).slice();
    const changes = this.below(4);
    for (let i = 0; i < changes; i++) payload[this.below(payload.length - 10)] = this.below(256);
    const end = this.below(8) === 0 ? this.below(payload.length - 10) : payload.length - 10;
    const cut = Uint8Array.from([...payload.subarray(0, end), ...payload.subarray(payload.length - 10)]);
    const bytes = this.below(20) === 0 && end > 10 ? withEncoding(cut, this.below(1024)) : withChecksum(cut);
    return ['RESTORE', this.key(), 0, bytes, 'REPLACE'];
  }

  private ofServer(): readonly Argument[] {
    return this.pick<readonly Argument[]>([
      ['COPY', this.key(), this.key(), 'REPLACE'],
      ['RENAME', this.key(), this.key()],
      ['DEL', this.key()],
      ['UNLINK', this.key(), this.key()],
      ['DUMP', this.key()],
      ['MEMORY', 'USAGE', this.key()],
      ['TYPE', this.key()],
      ['OBJECT', 'ENCODING', this.key()],
      ['DEBUG', 'DIGEST-VALUE', this.key()],
      ['SET', this.key(), 'text'],
      ['PEXPIRE', this.key(), 1 + this.below(50)],
      ['MULTI'],
      ['EXEC'],
      ['EXEC'],
      ['DISCARD'],
      ['WATCH', this.key()],
      ['HELLO', 2 + this.below(2)],
      ['FLUSHALL', this.pick(['ASYNC', 'SYNC'])],
      ['EVAL', 'return redis.pcall(unpack(ARGV))', 0, ...this.set()],
      ['EVAL', 'return redis.pcall(unpack(ARGV))', 0, 'TENSOR.STATISTICS', this.key(), 'BINS', 3],
      ['INFO', 'modules'],
      ...(this.below(300) === 0 ? [['DEBUG', 'RELOAD'] as const] : []),
    ]);
  }

  /** One argument replaced, left out, doubled or moved. */
  private spoilt(command: Argument[]): readonly Argument[] {
    const at = 1 + this.below(command.length);
    switch (this.below(4)) {
      case 0:
        command.splice(at, 1);
        break;
      case 1:
        command.splice(at, 0, this.pick(odd));
        break;
      case 2:
        command.splice(at, 1, this.below(2) > 0 ? this.pick(words) : this.bytes(this.below(30)));
        break;
      default:
        command.splice(at, 0, ...Array.from({ length: this.below(100) }, () => '1'));
    }
    return command;
  }
}
