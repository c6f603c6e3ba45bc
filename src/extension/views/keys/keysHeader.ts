import type { NamesProgress } from '../../../core/inspection/inspector';
import type { OpenKeys, ShownKeys } from '../../state/keyStore';
import { messageText } from '../../wording/problemWords';
import { countText, keysText, timeText } from '../../wording/quantityWords';
import type { Wording } from '../../wording/wording';
import { isEmpty } from './keysState';
import { described } from '../viewNode';

/** What stands beside the title of the Keys view, and above its rows. */
export interface KeysHeader {
  readonly description: string;
  /** Empty where there is nothing to tell: a message hides the welcome text. */
  readonly message: string;
}

/** What it is made from besides what is shown. */
export interface HeaderContext {
  readonly wording: Wording;
  /** Wall clock, milliseconds. */
  readonly now: number;
  /** What is looked for, in words; absent where all keys are. */
  readonly filter?: string;
  /** Where rows are ordered by what their keys hold: of how many of them that is known. */
  readonly sorted?: { readonly by: 'size' | 'kind'; readonly known: number; readonly of: number };
}

/** Tells which database is shown, how much of it, and what is not as it should be. */
export function keysHeader(shown: ShownKeys, context: HeaderContext): KeysHeader {
  const { t } = context.wording;
  switch (shown.kind) {
    case 'none':
      return { description: '', message: '' };
    case 'connecting':
      return { description: shown.target.name, message: t('Connecting…') };
    case 'failed':
      return { description: shown.target.name, message: '' };
    case 'open':
      return {
        description: described(
          shown.target.name,
          ...(isWaitedFor(shown.progress) ? [] : countWords(shown.progress, context)),
          lockWords(shown, context),
        ),
        message: [
          stateLine(shown, context),
          readingLine(shown.progress, context),
          ...namesLines(shown.progress, context),
          filterLine(shown, context),
          sortLine(context),
        ]
          .flatMap((line) => line ?? [])
          .join('\n'),
      };
  }
}

/** How many keys, of how many while they are read, and how fast. */
function countWords(progress: NamesProgress | undefined, { wording }: HeaderContext): readonly string[] {
  const { t } = wording;
  if (progress === undefined) return [];
  const { state, search, pace } = progress;
  const known = knownText(progress, wording);
  const count =
    search === undefined
      ? known
      : t('{found} found among {keys}', { found: countText(search.found, wording), keys: known });
  if (state === 'complete') return [count];
  const how = { scanning: pace === 'kind' ? t('kind pace') : t('full speed'), paused: t('paused') };
  return [count, ...(state === 'scanning' || state === 'paused' ? [how[state]] : [t('partial')])];
}

/** What people wait for has a line of its own: beside the title there is room for a few words only. */
function readingLine(progress: NamesProgress | undefined, context: HeaderContext): string | undefined {
  const { t } = context.wording;
  if (isWaitedFor(progress)) return described(...countWords(progress, context));
  return progress?.anew === undefined
    ? undefined
    : t('Reading again: {count}', { count: described(...countWords(progress.anew, context)) });
}

function isWaitedFor(progress: NamesProgress | undefined): boolean {
  return progress?.slow === true && (progress.state === 'scanning' || progress.state === 'paused');
}

/** Why what is shown may not be true any more. */
function stateLine({ state }: OpenKeys, { wording, now }: HeaderContext): string | undefined {
  const { t } = wording;
  switch (state.kind) {
    case 'live':
    case 'closed':
      return undefined;
    case 'connecting':
      return state.problem === undefined ? t('Connecting…') : messageText(state.problem, t);
    case 'stale':
      return t('Stale since {time}: {reason}', {
        time: timeText(state.since, wording, now),
        reason: messageText(state.problem, t),
      });
    case 'refused':
      return messageText(state.problem, t);
  }
}

/** Why some keys are not shown. */
function namesLines(progress: NamesProgress | undefined, { wording }: HeaderContext): readonly string[] {
  const { t } = wording;
  if (progress === undefined) return [];
  const { state, shards, anew, full, problem } = progress;
  const now = anew === undefined ? progress.now : undefined;
  const failed = shards.filter((shard) => shard.state === 'failed' || shard.state === 'interrupted');
  const [first] = failed;
  const reason = problem ?? first?.problem;
  return [
    ...(reason === undefined
      ? []
      : [t('Not all keys are shown: {reason}', { reason: messageText(reason, t) })]),
    ...(state === 'failed' && reason === undefined ? [t('Not all keys are shown.')] : []),
    ...(full ? [t('There are more keys than can be held: filter them by kind to see others.')] : []),
    ...(now === undefined
      ? []
      : [t('There are {count} keys now. Rescan to see them.', { count: countText(now, wording) })]),
  ];
}

/** Nothing where no key fits: the welcome text says that. */
function filterLine({ progress }: OpenKeys, { wording: { t }, filter }: HeaderContext): string | undefined {
  const nothingFits = progress?.state === 'complete' && isEmpty(progress);
  return filter === undefined || nothingFits ? undefined : t('Filter: {filter}', { filter });
}

/** By what rows are ordered, and how far that has come. */
function sortLine({ sorted, wording }: HeaderContext): string | undefined {
  const { t } = wording;
  if (sorted === undefined) return undefined;
  const line = { size: t('Sorted by size'), kind: t('Sorted by kind') }[sorted.by];
  if (sorted.known === sorted.of) return line;
  const counts = { known: countText(sorted.known, wording), of: countText(sorted.of, wording) };
  return t('{sorted}: known of {known} of {of} keys so far', { sorted: line, ...counts });
}

/** Whether a database that was not started here may be changed. */
function lockWords({ target, unlocked }: OpenKeys, { wording: { t } }: HeaderContext): string | undefined {
  if (target.own) return undefined;
  return unlocked ? t('unlocked') : t('read-only');
}

/** Keys that are known, or were looked at, where only some are looked for. */
function knownText({ state, seen, expected, search }: NamesProgress, wording: Wording): string {
  const { t } = wording;
  const known = seen - (search?.left ?? 0);
  if (state === 'complete' && known === seen) return keysText(seen, wording);
  const of = state === 'complete' ? seen : expected;
  return of === undefined
    ? t('{seen} keys so far', { seen: countText(known, wording) })
    : t('{seen} of {expected} keys', {
        seen: countText(known, wording),
        expected: countText(Math.max(seen, of), wording),
      });
}
