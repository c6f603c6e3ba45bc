import { assertNever } from '../../shared/assertNever';
import type { ValueKind } from '../../core/value/details/keyDetails';
import type { KeyFolder } from '../../core/keyspace/tree/keyRow';
import type { Translate } from './wording';

/** What a key holds, for people. */
export function kindText(kind: ValueKind, t: Translate): string {
  switch (kind) {
    case 'tensor':
      return t('Tensor');
    case 'dataset':
      return t('Dataset metadata');
    case 'aggregationList':
      return t('List of datasets');
    case 'mlModel':
      return t('AI model');
    case 'script':
      return t('Script');
    case 'string':
      return t('String');
    case 'hash':
      return t('Hash');
    case 'list':
      return t('List');
    case 'set':
      return t('Set');
    case 'zset':
      return t('Sorted set');
    case 'stream':
      return t('Stream');
    case 'module':
      return t('Value of a module');
    case 'gone':
      return t('Gone');
    case 'unknown':
      return t('Unknown');
    default:
      return assertNever(kind);
  }
}

/** A folder that no prefix makes. */
export function folderText(kind: Extract<KeyFolder['kind'], 'aiModels' | 'leftovers'>, t: Translate): string {
  switch (kind) {
    case 'aiModels':
      return t('AI models and scripts');
    case 'leftovers':
      return t('Leftovers');
    default:
      return assertNever(kind);
  }
}
