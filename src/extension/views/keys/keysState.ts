import type { KeyFilter, ShownKeys } from '../../state/keyStore';

/** What an empty Keys view says, as the welcome texts of package.json ask for it. */
export type KeysState = 'none' | 'connecting' | 'unreachable' | 'refused' | 'empty' | 'noMatch' | 'keys';

/** Why the Keys view is empty, if it is. */
export function keysState(shown: ShownKeys, { match, type }: KeyFilter): KeysState {
  switch (shown.kind) {
    case 'none':
    case 'connecting':
      return shown.kind;
    case 'failed':
      return shown.problems.some(({ code }) => code === 'database-unreachable') ? 'unreachable' : 'refused';
    case 'open': {
      const { progress } = shown;
      if (progress?.state !== 'complete' || progress.seen > 0) return 'keys';
      return match === undefined && type === undefined ? 'empty' : 'noMatch';
    }
  }
}
