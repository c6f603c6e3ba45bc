/** A server as far as reading tensors needs one. */
export interface TensorServer {
  /** One round trip: what is sent is bytes or text, and texts of the reply are bytes. Throws a RedisFailure. */
  commandForBytes(name: string, ...args: readonly (string | Uint8Array)[]): Promise<unknown>;
}
