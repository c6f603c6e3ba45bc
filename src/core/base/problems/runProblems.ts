import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while runs are recorded, found and spoken to. */
export const runProblems = {
  'run-already-live': {
    severity: 'error',
    message: '{experiment} is running already (run {id}).',
    remedy: 'Stop it first, or look at it in the side bar or with `ssw status`.',
  },
  'launch-held-up': {
    severity: 'error',
    message:
      'Another launch of {experiment} (run {id}, by process {pid}) has neither begun nor given up for {seconds} seconds.',
    remedy:
      'Let that process go on (`fg` or `kill -CONT {pid}` if it was stopped, as by Ctrl-Z), or end it; then launch again.',
  },
  'run-left-over': {
    severity: 'error',
    message:
      'An earlier run of {experiment} (run {id}) lost its supervisor, and these still run: {processes}.',
    remedy:
      'Stop it first with `ssw down`, which ends them, or go on with it by `ssw adopt`; the side bar offers both.',
  },
  'run-live-elsewhere': {
    severity: 'error',
    message:
      '{experiment} was launched on {host} (run {id}), and only that host can tell whether it still runs.',
    remedy: 'Stop it there with `ssw down`. If that host is gone, remove the directory {directory}.',
  },
  'run-not-removed': {
    severity: 'error',
    message: 'Run {id} in {directory} was not removed: {reason}.',
    remedy: 'Look at that directory, and remove it by hand if it is not needed.',
  },
  'log-not-cut': {
    severity: 'error',
    message: 'The log {path} was not shortened: {reason}.',
    remedy: 'Check that the file system works and has room, then say `ssw prune` again.',
  },
  'run-index-unreadable': {
    severity: 'error',
    message: 'The list of your runs, {path}, cannot be read: {reason}.',
    remedy: 'Correct the rights of that directory, or set XDG_STATE_HOME to one of your own.',
  },
  'socket-path-too-long': {
    severity: 'error',
    message: 'No directory for the socket of this run serves: {reasons}.',
    remedy: 'Set XDG_RUNTIME_DIR or TMPDIR to a directory of your own with a short path.',
  },
  'runtime-directory-refused': {
    severity: 'error',
    message: 'No directory for the socket of this run serves: {reasons}.',
    remedy: 'Set XDG_RUNTIME_DIR or TMPDIR to a directory that belongs to you alone.',
  },
  'supervisor-not-started': {
    severity: 'error',
    message: 'The supervisor of the run could not be started: {reason}.',
    remedy: 'Read the last lines of its log below, and check that {node} runs in a terminal.',
  },
  'supervisor-missing': {
    severity: 'error',
    message: "The supervisor's program, {path}, cannot be read: {reason}.",
    remedy: 'Install the extension again; in a checkout, run `npm run build`.',
  },
  'supervisor-lost': {
    severity: 'error',
    message: 'The supervisor of this run ended without stopping it, and these still run: {processes}.',
    remedy: 'Run `ssw adopt` to go on with the run, or `ssw down` to stop it; the side bar offers both.',
  },
  'run-lost': {
    severity: 'error',
    message:
      'The supervisor of this run ended without recording how the run ended. Nothing of the run is left.',
    remedy: 'Launch the experiment again, or close the record of this run with `ssw down`.',
  },
  'take-over-cancelled': {
    severity: 'information',
    message:
      'The take-over of {experiment} (run {id}) was cancelled before the run had its new supervisor; nothing was stopped.',
    remedy: 'Run `ssw adopt` again to go on with it, or `ssw down` to stop it.',
  },
  'run-owned': {
    severity: 'error',
    message: 'Process {pid} owns this run: it watches it, or is about to end it.',
    remedy:
      'Look again with `ssw status`. If that process hangs, see with `ps -p {pid} -o args` what it is, end it with `kill {pid}` and try again: a supervisor stops the run then, and a window of VS Code closes that was about to end it.',
  },
  'run-owned-elsewhere': {
    severity: 'error',
    message:
      'Another host, or a container, owns this run, and only from there it can be judged: {directory}.',
    remedy: 'Stop it there with `ssw down`. If that host is gone, remove the directory.',
  },
  'owner-unreadable': {
    severity: 'error',
    message:
      'Who owns this run cannot be read from the last of the files `owner.*` in {directory}: {reason}.',
    remedy:
      'Correct the rights or the disk if that hinders it, and try again. If the file is damaged: `pgrep -f "supervisor.js {directory}"` names the supervisor of the run if it lives, and `kill` with that number stops the run in order; if it names none, remove the file and try again.',
  },
  'secret-unreadable': {
    severity: 'error',
    message: "The secret of the run's servers, {path}, cannot be read: {reason}.",
    remedy:
      'Correct the rights of the file, then try again. `ssw down` ends the run without it, by SIGTERM instead of SHUTDOWN.',
  },
  'launch-interrupted': {
    severity: 'error',
    message: 'The supervisor was killed before everything was started, so what it had started was stopped.',
    remedy: 'Launch the experiment again.',
  },
  'start-unseen': {
    severity: 'error',
    message: 'The supervisor was killed while it started {name}, and no process of it lives.',
    remedy: 'Read {out} and {err} to see whether it ran at all.',
  },
  'end-unseen': {
    severity: 'error',
    message: '{name} ended while nobody could see how: the supervisor that had started it was killed.',
    remedy: 'Read {out} and {err} to see how far it came.',
  },
  'end-unrecorded': {
    severity: 'error',
    message: 'Every process of the run has been ended, but its record in {directory} could not be closed.',
    remedy: 'Make room or correct the rights there, then close the record with `ssw down`.',
  },
  'journal-too-new': {
    severity: 'error',
    message:
      'The record of the run, {path}, was written by a newer version, which this one does not clean up.',
    remedy: 'Use that version to stop or to adopt the run.',
  },
  'supervisor-killed': {
    severity: 'error',
    message:
      'The supervisor of the run (process {pid}) did not end within {seconds} seconds of being asked, and was killed.',
    remedy: 'Stop what it may have started with `ssw down`, then launch again.',
  },
  'supervisor-unreachable': {
    severity: 'error',
    message: 'The supervisor of this run lives (process {pid}), but does not answer at {socket}.',
    remedy: 'Try again; if that does not help, end it with `kill {pid}`, which stops the run in order.',
  },
  'supervisor-too-new': {
    severity: 'error',
    message: 'This run was launched by a newer version (protocol {theirs}, this one speaks {ours}).',
    remedy: 'Use that version to look at it; this one can only stop it.',
  },
  'problem-unknown': {
    severity: 'warning',
    message: 'A newer version tells something here that this version has no words for.',
    remedy: 'Look at the run with the version that launched it.',
  },
  'request-unanswered': {
    severity: 'error',
    message: 'The supervisor did not answer `{request}` within {seconds} seconds.',
    remedy: 'Try again; the machine may be overloaded.',
  },
  'request-failed': {
    severity: 'error',
    message: 'The supervisor could not do `{request}`: {reason}.',
    remedy: 'Read `logs/supervisor.log` in the directory of the run, and try again.',
  },
  'run-not-live': {
    severity: 'error',
    message: 'Run {id} of {experiment} is not running.',
    remedy: 'Launch the experiment again.',
  },
  'run-on-another-host': {
    severity: 'information',
    message: 'This run is owned by {host}; this machine shows what its record says.',
    remedy: 'Look at it on {host}.',
  },
  'run-not-reachable': {
    severity: 'error',
    message:
      'The directory of this run, {directory}, is on a file system that has not answered for {seconds} seconds.',
    remedy: 'Look again when it is back; until then nothing can be said of this run.',
  },
  'journal-unreadable': {
    severity: 'error',
    message: 'The record of the run, {path}, cannot be read: {reason}.',
    remedy:
      'Check its permissions and its disk. Remove the run directory only when nothing of the run lives any more.',
  },
  'journal-damaged': {
    severity: 'warning',
    message: '{count} damaged lines of the record {path} were left out (first: line {line}).',
    remedy: 'Check the disk; what is shown may be incomplete.',
  },
  'journal-failing': {
    severity: 'error',
    message: 'The record of the run could not be written, so the launch was given up: {reason}.',
    remedy: 'Make room in {path}, or correct its rights, and launch again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
