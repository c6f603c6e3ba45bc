import type { Wording } from './wording';

/** A size in binary units, as servers count their memory: `1.5 MiB`. */
export function bytesText(bytes: number, { locale }: Wording): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${decimal(bytes / 1024 ** power, power === 0 ? 0 : 1, locale)} ${units[power] ?? ''}`;
}

/** A count, grouped as the language does. */
export function countText(count: number, { locale }: Wording): string {
  return decimal(count, 0, locale);
}

/** How long something took: `0.8 s`, `2 min 5 s`, `3 h 2 min`. */
export function durationText(milliseconds: number, { t, locale }: Wording): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.95) return t('{seconds} s', { seconds: decimal(seconds, 1, locale) });
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return t('{minutes} min {seconds} s', { minutes, seconds: whole % 60 });
  return t('{hours} h {minutes} min', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** There are no times beyond, in milliseconds before and after 1970. */
const latest = 8.64e15;

/** Wall-clock time; with the date where that is not the day of `now`. What is beyond all times is the last of them. */
export function timeText(at: number, { locale }: Wording, now: number): string {
  const date = new Date(Math.max(-latest, Math.min(at, latest)));
  const { time, dateAndTime } = formatsOf(locale);
  return date.toDateString() === new Date(now).toDateString() ? time.format(date) : dateAndTime.format(date);
}

function decimal(value: number, digits: 0 | 1, locale: string): string {
  return formatsOf(locale).decimals[digits].format(value);
}

interface Formats {
  readonly time: Intl.DateTimeFormat;
  readonly dateAndTime: Intl.DateTimeFormat;
  /** By the number of digits after the point. */
  readonly decimals: readonly [Intl.NumberFormat, Intl.NumberFormat];
}

/** Kept: making one takes a hundred times as long as using it, and a row of a view uses several. */
const formatsByLocale = new Map<string, Formats>();

function formatsOf(locale: string): Formats {
  let formats = formatsByLocale.get(locale);
  if (formats === undefined) {
    formats = {
      time: new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }),
      dateAndTime: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
      decimals: [
        new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
        new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
      ],
    };
    formatsByLocale.set(locale, formats);
  }
  return formats;
}
