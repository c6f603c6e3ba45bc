import { utf8 } from '../../../core/base/bytes';
import type { KeyStore } from '../../state/keyStore';
import type { Wording } from '../../wording/wording';
import { described } from '../viewNode';

/** Which keys are looked for, in words; undefined where all are. */
export function filterText(
  store: Pick<KeyStore, 'filter' | 'displayKey'>,
  { t }: Wording,
): string | undefined {
  const { text, type } = store.filter;
  if (text === undefined && type === undefined) return undefined;
  return described(
    // As it was typed, but for what cannot be seen.
    text === undefined ? undefined : store.displayKey(utf8(text)).replaceAll('\\\\', '\\'),
    type === undefined ? undefined : t('type {type}', { type }),
  );
}
