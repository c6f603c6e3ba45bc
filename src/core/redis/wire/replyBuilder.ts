import type { RedisRefusal } from '../redisFailure';
import type { Reply } from './reply';
import type { ReplyVisitor } from './replyParser';

/** Makes one value of the parts of a reply. Bytes that were not given away are copied: they outlive the buffer in which they arrived. */
export class ReplyBuilder implements ReplyVisitor {
  private result: Reply | undefined;
  private readonly open: { readonly items: Reply[]; readonly length: number }[] = [];

  /** The reply, once all of its parts have come; then the next one may begin. */
  take(): Reply {
    const { result } = this;
    if (result === undefined) throw new Error('The reply has not ended.');
    this.result = undefined;
    return result;
  }

  nil(): void {
    this.put(null);
  }
  integer(value: number | bigint): void {
    this.put(value);
  }
  status(text: string): void {
    this.put(text);
  }
  refusal(refusal: RedisRefusal): void {
    this.put(refusal);
  }
  bytes(source: Uint8Array, from: number, to: number, given: boolean): void {
    this.put(given ? source.subarray(from, to) : source.slice(from, to));
  }
  list(length: number): void {
    const items: Reply[] = [];
    if (length === 0) this.put(items);
    else this.open.push({ items, length });
  }

  private put(value: Reply): void {
    let done = value;
    for (;;) {
      const list = this.open.at(-1);
      if (list === undefined) break;
      list.items.push(done);
      if (list.items.length < list.length) return;
      this.open.pop();
      done = list.items;
    }
    this.result = done;
  }
}
