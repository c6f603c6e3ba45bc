import { closeSync, rmSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../core/base/log';
import { messageOf, problem, remedyOf } from '../core/base/problem';
import type { Result } from '../core/base/result';
import { defaultLimits } from '../core/launch/launchContext';
import { identify } from '../core/launch/processIdentity';
import { untilMarksSettle } from '../core/launch/markedProcesses';
import { launchEnvironment } from '../core/launch/runMarker';
import { Journal, readJournal } from '../core/run/journal';
import { programVersion } from '../core/base/programVersion';
import { missingEvents } from '../core/run/recovery';
import { replay } from '../core/run/runFromJournal';
import { claimRun } from '../core/run/runOwnership';
import { supervisorCredentials } from '../core/launch/supervisorUser';
import { ClientSession } from './clientSession';
import { faultPoint } from './faultPoint';
import { RunOwner } from './runOwner';
import { RunRecorder } from '../core/run/runRecorder';
import { SocketServer } from './socketServer';

/** Milliseconds for which a client may read nothing while events wait for it. */
const clientPatience = 30_000;

/** Milliseconds, after a run has ended, for its clients to take the last answers; then this process ends in any case. */
const farewellLimit = 1000;

/** The descriptor on which whoever started us waits for a line. */
const reportDescriptor = 3;

/**
 * Milliseconds for which a server that boots has this process to itself: the first client costs as
 * much time as a server needs to start.
 */
const announceDelay = 50;

const log: Log = {
  debug: () => undefined,
  info: (message) => {
    say('info', message);
  },
  warn: (message) => {
    say('warning', message);
  },
  error: (message) => {
    say('error', message);
  },
};

function say(level: string, message: string): void {
  try {
    writeSync(2, `${new Date().toISOString()} ${level}: ${message}\n`);
  } catch {
    // A full disk must not end the run.
  }
}

/**
 * `supervisor RUN_DIRECTORY SOCKET`: owns the run whose journal lies in the directory, until its end. A
 * run that had a supervisor before is adopted.
 */
async function main([runDirectory = '', socketPath = '']: readonly string[]): Promise<void> {
  const ownership = valueOf(claimRun(runDirectory));
  const content = valueOf(await readJournal(runDirectory));
  const { events } = content;
  const [first] = events;
  const planned = replay(events);
  const self = identify(process.pid);
  if (first?.event.type !== 'run-planned' || planned === undefined || self === undefined) {
    throw new Error('The journal does not begin with a plan, or this process cannot be identified');
  }
  const { plan } = first.event;
  if (content.newer) throw new NotBegun(messageOf(problem('journal-too-new', { path: content.path })));
  if (planned.endedAt !== undefined) throw new NotBegun('The run is over');
  const adopts = ownership.generation > 1 || events.length > 1;
  if (adopts) await untilMarksSettle(plan.runId);
  const credentials = valueOf(supervisorCredentials(runDirectory));
  const journal = valueOf(Journal.open(runDirectory, content));

  // From here the clock runs: the servers come first, the socket is made while they boot.
  const recorder = new RunRecorder(journal, planned, performance.now(), log, faultPoint);
  recorder.record({
    type: adopts ? 'run-adopted' : 'supervisor-started',
    identity: self,
    socket: socketPath,
    version: programVersion,
  });
  const owner = new RunOwner({
    plan,
    environment: launchEnvironment(process.env),
    credentials,
    recorder,
    limits: defaultLimits,
    log,
  });
  endInOrder(owner);
  if (adopts) {
    for (const event of missingEvents(plan.runId, events)) recorder.record(event);
    // The one before could not remove it.
    rmSync(socketPath, { force: true });
  }
  const launch = adopts ? owner.adopt() : owner.launch();
  const sessions = new Set<ClientSession>();
  const server = new SocketServer(
    socketPath,
    (socket: Socket) => {
      const session = new ClientSession(socket, { owner, recorder, log, patience: clientPatience }, () =>
        sessions.delete(session),
      );
      sessions.add(session);
    },
    log,
  );
  try {
    // Whatever is waited for here, the end of the run ends the wait.
    await Promise.race([server.listen(), owner.ended]);
    await Promise.race([owner.serversSettled, delay(announceDelay)]);
    announce();
    await Promise.race([launch, owner.ended]);
    await owner.ended;
  } catch (error) {
    log.error(describe(error));
    process.exitCode = 1;
    await owner.stop();
  }
  const farewell = Promise.all([...sessions].map((session) => session.finish())).then(() => server.close());
  await Promise.race([farewell, delay(farewellLimit)]);
  journal.removeSpare();
  journal.close();
}

/** Why a run does not begin: no bug, so nobody needs to see where in the program it was found. */
class NotBegun extends Error {}

/** A run that does not begin ends here, with words for whoever started us. */
function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new NotBegun(result.problems.map((found) => [messageOf(found), remedyOf(found)].join(' ')).join(' '));
}

/** A terminal that closes must not end a run; a request to end is done in order, and a bug as well. */
function endInOrder(owner: RunOwner): void {
  process.on('SIGHUP', () => undefined);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info(`Ends in order because of ${signal}.`);
      void owner.stop();
    });
  }
  const onBug = (error: unknown): void => {
    log.error(describe(error));
    process.exitCode = 3;
    owner.stop().catch((again: unknown) => {
      // Not even the stop works: the journal names what is left for whoever comes next.
      log.error(describe(again));
      process.exit(3);
    });
  };
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);
}

function announce(): void {
  try {
    writeSync(reportDescriptor, 'listening\n');
    closeSync(reportDescriptor);
  } catch {
    // Whoever started us has gone; others will find the socket.
  }
}

function describe(error: unknown): string {
  if (error instanceof NotBegun) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Node waits at its end for file operations that are under way, and one on a dead disk never returns. */
function leave(): never {
  // Node has it since 17.3; our version of its types has not.
  const ours = process as NodeJS.Process & { getActiveResourcesInfo(): readonly string[] };
  if (ours.getActiveResourcesInfo().some((kind) => kind.startsWith('FSReq')))
    process.kill(process.pid, 'SIGKILL');
  process.exit();
}

main(process.argv.slice(2)).then(leave, (error: unknown) => {
  log.error(describe(error));
  process.exit(3);
});
