import { countText } from '../../wording/quantityWords';
import type { Wording } from '../../wording/wording';
import type { ScanProgress } from '../../../core/inspection/inspector';
import type { ShownKeys } from '../../state/keyStore';
import { described } from '../viewNode';

/** What stands beside the title of the Keys view, and above its rows. */
export interface KeysHeader {
  readonly description: string;
  /** Empty where there is nothing to tell: a message hides the welcome text. */
  readonly message: string;
}

/** Tells which database is shown, and how much of it. */
export function keysHeader(shown: ShownKeys, wording: Wording): KeysHeader {
  const { t } = wording;
  switch (shown.kind) {
    case 'none':
      return { description: '', message: '' };
    case 'connecting':
      return { description: shown.target.name, message: t('Connecting…') };
    case 'failed':
      return { description: shown.target.name, message: '' };
    case 'open':
      return openHeader(shown, wording);
  }
}

function openHeader(
  { target, progress }: Extract<ShownKeys, { kind: 'open' }>,
  wording: Wording,
): KeysHeader {
  const { t } = wording;
  if (progress === undefined) return { description: target.name, message: '' };
  const seen = countText(progress.seen, wording);
  const expected = countText(Math.max(progress.seen, progress.expected), wording);
  const whole = progress.state === 'complete';
  const pace = progress.pace === 'kind' ? t('kind pace') : t('full speed');
  return {
    description: described(
      target.name,
      whole ? keysText(progress.seen, wording) : t('{seen} of {expected} keys', { seen, expected }),
      progress.state === 'scanning' ? pace : undefined,
    ),
    message: messageOf(progress, wording),
  };
}

function messageOf({ state, now }: ScanProgress, wording: Wording): string {
  const { t } = wording;
  if (state === 'failed') return t('Not all keys could be read: this is a part of them.');
  if (now === undefined) return '';
  return t('The keys have changed since they were read: there are {count} now. Rescan to see them.', {
    count: countText(now, wording),
  });
}

function keysText(keys: number, wording: Wording): string {
  const { t } = wording;
  return keys === 1 ? t('1 key') : t('{count} keys', { count: countText(keys, wording) });
}
