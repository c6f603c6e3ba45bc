import { assertNever } from '../../shared/assertNever';
import type { ProblemCode } from '../../core/base/problemCatalogue';
import type { DatabaseOrigin } from '../../core/database/discovery/foundDatabase';
import type { KnownDatabase } from '../state/connectionStore';
import type { Translate } from './wording';

/** Servers of a database that are named; the others can be found by them. */
const mostNamed = 3;

/** How this window stands with a database, and whether it may be changed. */
export function connectionText({ state, unlocked }: KnownDatabase, t: Translate): string {
  switch (state.kind) {
    case 'listed':
      return t('not connected');
    case 'failed':
      return failureText(state.problem.code, t);
    case 'connecting':
      return t('connecting…');
    case 'attached':
      return unlocked ? t('attached, unlocked') : t('attached, read-only');
    case 'connected':
      return unlocked ? t('connected, unlocked') : t('connected, read-only');
    default:
      return assertNever(state);
  }
}

/** In two words; what else is known stands where the pointer rests. */
function failureText(code: ProblemCode, t: Translate): string {
  switch (code) {
    case 'database-needs-password':
      return t('wants a login');
    case 'database-wrong-password':
      return t('login refused');
    case 'database-tls-failed':
      return t('TLS failed');
    case 'database-protected':
    case 'database-refused':
    case 'database-right-missing':
    case 'database-hosts-unconfirmed':
      return t('refused');
    default:
      return t('not reached');
  }
}

/** How a database came to be known. */
export function originText(origin: DatabaseOrigin, t: Translate): string {
  switch (origin.kind) {
    case 'run':
      return t('orchestrator of a run');
    case 'environment':
      return t('{variable} of the environment', { variable: origin.variable });
    case 'manifest':
      return t('SmartSim’s record {file}', { file: origin.file });
    case 'announcement':
      return t('announced in {file}', { file: origin.file });
    case 'address':
      return t('remembered address');
    default:
      return assertNever(origin);
  }
}

/** Where its servers listen. */
export function addressesText({ addresses }: KnownDatabase): string {
  const named = addresses.slice(0, mostNamed).join(', ');
  return addresses.length > mostNamed ? `${named}, …` : named;
}
