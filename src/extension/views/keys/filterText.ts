import { utf8 } from '../../../core/base/bytes';
import type { ValueKind } from '../../../core/value/details/keyDetails';
import type { KeyStore } from '../../state/keyStore';
import { kindText } from '../../wording/kindWords';
import type { Translate, Wording } from '../../wording/wording';
import { described } from '../viewNode';

/** Redis' names of the types that can be looked for, and what they are for people. */
export const filterTypes: readonly (readonly [type: string, kind: ValueKind])[] = [
  ['AI_TENSOR', 'tensor'],
  ['AI__MODEL', 'mlModel'],
  ['AI_SCRIPT', 'script'],
  ...(['string', 'hash', 'list', 'set', 'zset', 'stream'] as const).map((type) => [type, type] as const),
];

/** A type of Redis, for people; as it is where it is none of those that can be chosen. */
export function typeText(type: string, t: Translate): string {
  if (type === 'hash') return t('Hash, dataset metadata');
  const [, kind] = filterTypes.find(([name]) => name === type) ?? [];
  return kind === undefined ? type : kindText(kind, t);
}

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
    type === undefined ? undefined : typeText(type, t),
  );
}
