import type { KeyStore } from '../../state/keyStore';
import type { Wording } from '../../wording/wording';
import { described } from '../viewNode';

/** Which keys are looked for, in words; undefined where all are. */
export function filterText(
  store: Pick<KeyStore, 'request' | 'displayKey'>,
  { t }: Wording,
): string | undefined {
  const { match, type } = store.request;
  if (match === undefined && type === undefined) return undefined;
  return described(
    match === undefined ? undefined : store.displayKey(match),
    type === undefined ? undefined : t('type {type}', { type }),
  );
}
