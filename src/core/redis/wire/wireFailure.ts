import { RedisFailure } from '../redisFailure';

/**
 * Why a connection has ended:
 * - `unreachable`: there was none.
 * - `tls`: both sides do not agree on how they speak privately, or one does not prove who it is.
 * - `unanswered`: the server closed it without having answered anything.
 * - `closed`: the server closed it later.
 * - `silent`: no answer came in time.
 * - `broken`: what came is no answer, or one beyond the bounds.
 * - `given-up`: we ended it.
 */
export type WireTrouble = 'unreachable' | 'tls' | 'unanswered' | 'closed' | 'silent' | 'broken' | 'given-up';

/** The connection has ended. */
export class WireFailure extends RedisFailure {
  constructor(
    readonly trouble: WireTrouble,
    message: string,
  ) {
    super(message);
  }
}
