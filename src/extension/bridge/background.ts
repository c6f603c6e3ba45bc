import type { Log } from '../../core/base/log';

/** Lets work go on behind what the user does; if it fails, the log says so and nothing else happens. */
export async function inBackground(what: string, work: () => Promise<unknown>, log: Log): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
