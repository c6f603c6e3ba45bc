/** Milliseconds of each unit. */
const units = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration as somebody has typed it, `90 s` or `2 h`, in milliseconds; `null` is `never`; undefined where it is none. */
export function parseDuration(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === 'never') return null;
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)?$/.exec(trimmed) ?? [];
  const milliseconds = number === '' ? NaN : Number(number) * units[unit as keyof typeof units];
  return milliseconds > 0 && Number.isSafeInteger(Math.round(milliseconds))
    ? Math.round(milliseconds)
    : undefined;
}
