/** Milliseconds after which a run holds more work than a click by mistake should end. */
const worthAsking = 10 * 60_000;

/** Whether a user is asked before a run is stopped. */
export function asksBeforeStop({ startedAt }: { readonly startedAt: number }, now: number): boolean {
  return now - startedAt > worthAsking;
}
