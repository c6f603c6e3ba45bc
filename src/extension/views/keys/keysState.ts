import type { ProblemCode } from '../../../core/base/problemCatalogue';
import type { NamesProgress } from '../../../core/inspection/inspector';
import type { ShownKeys } from '../../state/keyStore';

/** What an empty Keys view says, as the welcome texts of package.json ask for it. */
export type KeysState =
  | 'none'
  | 'connecting'
  | 'unreachable'
  | 'login'
  | 'tls'
  | 'refused'
  | 'ended'
  | 'empty'
  | 'noMatch'
  | 'keys';

const states: Partial<Record<ProblemCode, KeysState>> = {
  'database-unreachable': 'unreachable',
  'database-lost': 'unreachable',
  'database-silent': 'unreachable',
  'database-wrong-password': 'login',
  'database-needs-password': 'login',
  'database-tls-failed': 'tls',
  'database-hung-up': 'tls',
  'inspector-ended': 'ended',
};

/** Why the Keys view is empty, if it is. `filtered`: only some keys are looked for. */
export function keysState(shown: ShownKeys, filtered: boolean): KeysState {
  switch (shown.kind) {
    case 'none':
    case 'connecting':
      return shown.kind;
    case 'failed': {
      const [first] = shown.problems;
      return (first && states[first.code]) ?? 'refused';
    }
    case 'open': {
      const { progress } = shown;
      if (progress?.state !== 'complete' || !isEmpty(progress)) return 'keys';
      return filtered ? 'noMatch' : 'empty';
    }
  }
}

/** No key is there, or none that fits. */
export function isEmpty({ seen, search }: NamesProgress): boolean {
  return search === undefined ? seen === 0 : search.found === 0 && search.left === 0;
}
