import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while servers and models are started, watched and stopped. */
export const launchProblems = {
  'server-died-at-start': {
    severity: 'error',
    message: 'Shard {shard} ended before it answered: {ending}.',
    remedy: 'Read the last lines of its output, which say why; all of it is in {log}.',
  },
  'server-port-taken': {
    severity: 'error',
    message: 'Shard {shard} could not listen on {address}: another program uses that port.',
    remedy: 'Stop that program, choose another `port`, or write `port: auto`.',
  },
  'cluster-not-formed': {
    severity: 'error',
    message: 'The shards of {orchestrator} are no whole cluster after {seconds} seconds: {missing}.',
    remedy:
      'Read the logs of these shards and check that their ports and the bus ports 10000 above are not blocked. Then launch again; in a run that lives, `ssw repair` tries again.',
  },
  'server-address-missing': {
    severity: 'error',
    message: 'Shard {shard} could not listen on {address}: this machine does not have that address.',
    remedy: 'Name a network interface of this machine in `interface`, or leave `interface` out.',
  },
  'server-refused-directive': {
    severity: 'error',
    message: 'The server refused the directive {directive} of shard {shard}: {reason}.',
    remedy: 'Correct it under `conf`, or remove it.',
  },
  'server-refused-configuration': {
    severity: 'error',
    message: 'The server refused its configuration {path} of shard {shard}: {reason}.',
    remedy: 'Look for the directive in its last lines. If you did not write it, this server may be too old.',
  },
  'server-directory-refused': {
    severity: 'error',
    message: 'Shard {shard} could not enter its directory {directory}: {reason}.',
    remedy: 'Check that the directory exists and that you may write to it.',
  },
  'server-module-failed': {
    severity: 'error',
    message: 'Shard {shard} could not load the module {module}: {reason}.',
    remedy:
      'Read the last lines of its output. `ai: builtin` takes the engine of SmartSim Workbench; where that does not load, `ssw doctor --build-engine` compiles it for this machine. `ai: none` starts without tensors.',
  },
  'unix-socket-in-the-way': {
    severity: 'error',
    message: '{path} is to become a Unix socket, and something else is there.',
    remedy: 'Remove it if nobody needs it, or choose another `unix_socket`.',
  },
  'unix-socket-taken': {
    severity: 'error',
    message: 'A process listens at the Unix socket {path} already.',
    remedy: 'Stop what uses it (`ssw status` shows runs), or choose another `unix_socket`.',
  },
  'server-configuration-unreadable': {
    severity: 'error',
    message: 'Shard {shard} could not read its configuration {path}: {reason}.',
    remedy: 'Check that the file system of the experiment works and is not full, then launch again.',
  },
  'server-not-answering': {
    severity: 'error',
    message: 'Shard {shard} was started but did not answer at {address} within {seconds} seconds.',
    remedy: 'Read the last lines of its output; on a busy machine, launch again.',
  },
  'server-refuses-us': {
    severity: 'error',
    message: 'Shard {shard} answers at {address}, but refuses to say whether it is ready: {reply}.',
    remedy: 'Remove what restricts access from `conf`.',
  },
  'server-ended': {
    severity: 'error',
    message: 'Shard {shard} ended by itself: {ending}.',
    remedy: 'Read its output in {log}. Then restart the shard; what it held is lost.',
  },
  'shard-not-answering': {
    severity: 'warning',
    message: 'Shard {shard} has not answered since {since}; its process (process {pid}) runs.',
    remedy:
      'Wait, if it is busy: it counts again as soon as it answers. If it was stopped, continue it with `kill -CONT {pid}`.',
  },
  'cluster-damaged': {
    severity: 'warning',
    message: 'The cluster of {orchestrator} is not whole: {missing}.',
    remedy:
      'Restart shards that have ended; otherwise repair the cluster in the side bar or with `ssw repair`.',
  },
  'cluster-lacks-shards': {
    severity: 'error',
    message: 'The cluster of {orchestrator} cannot be made whole, because these shards do not run: {shards}.',
    remedy: 'Restart them in the side bar or with `ssw restart`.',
  },
  'cluster-slots-elsewhere': {
    severity: 'error',
    message:
      'The cluster of {orchestrator} cannot be brought back to its plan: slots {slots} are at {holders}, and the keys in them would be lost.',
    remedy:
      'Leave it so, if that was meant: programs find these keys where they are. Otherwise delete them or move them back, and repair again.',
  },
  'no-such-cluster': {
    severity: 'error',
    message: 'This run has no cluster {orchestrator}.',
    remedy: 'Name an orchestrator of several shards.',
  },
  'shard-refuses-questions': {
    severity: 'warning',
    message: 'Shard {shard} answers, but does not serve: {reply}.',
    remedy: 'Wait for what keeps it busy to end; its output says more.',
  },
  'shard-refuses-access': {
    severity: 'warning',
    message: 'Shard {shard} does not let its own supervisor in: {reply}.',
    remedy:
      'Check who has changed its users, or the file `secret` in the directory of the run. Clients are served as before; a stop of the run ends it by a signal.',
  },
  'shard-refuses-writes': {
    severity: 'warning',
    message:
      'Shard {shard} has used up the memory that it may use ({bytes} bytes are used), and refuses to store more.',
    remedy: 'Delete keys that nobody needs any more, or launch with a larger `max_memory`.',
  },
  'model-failed': {
    severity: 'error',
    message: 'Model {model} failed: {ending}.',
    remedy: 'Read its output in {out} and {err}.',
  },
  'program-vanished': {
    severity: 'error',
    message: '{name} could not be started: there is no program {program}.',
    remedy: 'Check `exe`, or load the module that provides the program, and launch again.',
  },
  'interpreter-missing': {
    severity: 'error',
    message:
      '{name} could not be started: the interpreter named in the first line of {program} does not exist.',
    remedy:
      'Correct the first line of the script, or name the interpreter in `exe` and the script in `exe_args`.',
  },
  'program-not-executable': {
    severity: 'error',
    message: '{name} could not be started: you may not execute {program}.',
    remedy: 'Make it executable (`chmod +x`), or name its interpreter in `exe`.',
  },
  'program-wrong-format': {
    severity: 'error',
    message: '{name} could not be started: {program} is no program for this machine.',
    remedy: 'Build it for this machine, or name its interpreter in `exe`.',
  },
  'working-directory-missing': {
    severity: 'error',
    message: '{name} could not be started: its directory {directory} does not exist.',
    remedy: 'Create the directory, or correct `path`.',
  },
  'arguments-too-long': {
    severity: 'error',
    message: '{name} could not be started: its arguments and environment are longer than the system allows.',
    remedy: 'Put long values into a file and pass its name.',
  },
  'too-many-open-files': {
    severity: 'error',
    message: '{name} could not be started: too many files are open.',
    remedy: 'Raise the limit (`ulimit -n`) where you launch, or launch fewer models.',
  },
  'too-many-processes': {
    severity: 'error',
    message: '{name} could not be started: the system has no room for another process ({reason}).',
    remedy: 'End other programs or raise the limit (`ulimit -u`), then launch again.',
  },
  'spawn-failed': {
    severity: 'error',
    message: '{name} could not be started: {reason}.',
    remedy: 'Check that {program} can be started from a terminal.',
  },
  'dependency-not-met': {
    severity: 'error',
    message: 'Model {model} was not started, because it waits for {dependency}, which {state}.',
    remedy: 'See why {dependency} {state}, and launch again.',
  },
  'staged-file-vanished': {
    severity: 'error',
    message: 'Model {model}: {from} does not exist any more, so it cannot be put into the working directory.',
    remedy: 'Restore the file, or remove it from `files`.',
  },
  'staged-file-in-the-way': {
    severity: 'error',
    message: 'Model {model}: {to} exists already and is not a symbolic link, so no link can take its place.',
    remedy: 'Move it away, or use `to_copy`.',
  },
  'disk-full': {
    severity: 'error',
    message: '{path} could not be written: the disk is full, or your quota is used up.',
    remedy: 'Make room there, or set `path` to a directory on another disk.',
  },
  'not-writable': {
    severity: 'error',
    message: '{path} could not be written: you lack the right to.',
    remedy: 'Change the rights of the directory, or set `path` to one that you may write to.',
  },
  'read-only-file-system': {
    severity: 'error',
    message: '{path} could not be written: its file system is read-only.',
    remedy: 'Set `path` to a directory that can be written to.',
  },
  'not-a-directory': {
    severity: 'error',
    message: '{path} could not be created: a file is where a directory is needed.',
    remedy: 'Move that file away, or set `path` to another directory.',
  },
  'file-failed': {
    severity: 'error',
    message: '{path} could not be written or read: {reason}.',
    remedy: 'Check the file system, and launch again.',
  },
  'launch-cancelled': {
    severity: 'information',
    message: 'The launch was cancelled, and what had been started was stopped.',
  },
  'processes-not-ended': {
    severity: 'error',
    message: 'These processes of the run were killed, but do not end: {processes}.',
    remedy:
      'End what runs as another user by `kill -9` as that user or root; what waits in the kernel ends when its file system or device answers. The supervisor closes the run when they are gone; if it is lost, say `ssw down` again.',
  },
  'model-still-waiting': {
    severity: 'error',
    message: 'Model {model} has not been started yet: it waits for other models.',
    remedy: 'Wait until it runs, or stop the run.',
  },
  'shard-still-starting': {
    severity: 'error',
    message:
      'Shard {shard} cannot be restarted now: its orchestrator is still being started, or is being stopped.',
    remedy: 'Wait until it is ready.',
  },
  'no-such-model': {
    severity: 'error',
    message: 'This run has no model or shard {model}.',
    remedy: 'Name one of these: {models}.',
  },
} as const satisfies Record<string, CatalogueEntry>;
