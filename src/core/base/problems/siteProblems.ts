import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while this machine is looked at. */
export const siteProblems = {
  'no-server': {
    severity: 'error',
    message: 'No Redis or Valkey server that works was found on this machine.',
    remedy:
      'Install one (SmartSim: Install Database Server, or `ssw doctor --install-server`), or set `smartsim.server.path` or REDIS_PATH to one that you have.',
  },
  'no-server-of-engine': {
    severity: 'error',
    message: 'The file asks for a {wanted} server, and none was found on this machine.',
    remedy: 'Write `engine: auto`, or set `smartsim.server.path` or REDIS_PATH to a {wanted} server.',
  },
  'server-missing': {
    severity: 'error',
    message: 'There is no server at {path}, which is named by {origin}.',
    remedy: 'Correct {origin}, or remove it so that a server is looked for.',
  },
  'server-not-executable': {
    severity: 'error',
    message: '{path}, from {origin}, is not a program that can be run.',
    remedy: 'Check its permissions, or correct {origin}.',
  },
  'server-without-version': {
    severity: 'error',
    message: '{path}, from {origin}, did not say which server and version it is.',
    remedy: 'Run it with --version in a terminal: it may lack a library, or be no database server.',
  },
  'server-of-other-engine': {
    severity: 'error',
    message: '{path}, from {origin}, is a {engine} server, but {wanted} is needed.',
    remedy: 'Change `engine`, or correct {origin}.',
  },
  'server-too-old': {
    severity: 'error',
    message: 'The server {path} has version {version}; {minimum} is the oldest that works.',
    remedy:
      'Install one (SmartSim: Install Database Server, or `ssw doctor --install-server`), or set `smartsim.server.path` or REDIS_PATH to a newer one.',
  },
  'server-install-failed': {
    severity: 'error',
    message: 'No database server could be installed. Nothing was left behind.',
    remedy:
      'Read what was tried below. Or install Redis or Valkey {minimum} or newer yourself, and set REDIS_PATH to it.',
  },
  'server-install-cancelled': {
    severity: 'error',
    message: 'The installation of a database server was cancelled. Nothing was left behind.',
  },
  'server-folder-not-writable': {
    severity: 'error',
    message: 'A database server cannot be installed, because {folder} cannot be written to.',
    remedy: 'Free space there or correct its permissions, or set XDG_DATA_HOME to another place.',
  },
  'no-tensors': {
    severity: 'warning',
    message:
      'No AI module was found that this machine can load: neither RedisAI nor the engine of SmartSim Workbench. Orchestrators start without tensors, and SmartRedis clients can use metadata, lists and keys alone.',
    remedy:
      'Build the engine with your C compiler (SmartSim: Build AI Engine, or `ssw doctor --build-engine`), or set `smartsim.ai.redisaiPath` or RAI_PATH to RedisAI. `ai: none` says that no tensors are needed.',
  },
  'no-redisai': {
    severity: 'error',
    message: 'The file asks for RedisAI, and it was not found on this machine.',
    remedy:
      'Set `smartsim.ai.redisaiPath` or RAI_PATH to the file redisai.so, or write `ai: auto` to take the built-in engine where RedisAI is not installed.',
  },
  'no-engine': {
    severity: 'error',
    message: 'The file asks for the built-in AI engine, and there is none for this machine.',
    remedy:
      'Build it with your C compiler (SmartSim: Build AI Engine, or `ssw doctor --build-engine`), or name RedisAI and write `ai: auto`.',
  },
  'engine-no-compiler': {
    severity: 'error',
    message: 'The AI engine cannot be built, because no C compiler was found (looked for: {names}).',
    remedy:
      'Install one (Debian, Ubuntu: `apt-get install gcc libc6-dev`; Fedora: `dnf install gcc`; macOS: `xcode-select --install`; on clusters often `module load gcc`), or set CC to yours.',
  },
  'engine-sources-missing': {
    severity: 'error',
    message: 'The AI engine cannot be built, because its sources cannot be read at {folder}.',
    remedy: 'Install SmartSim Workbench again.',
  },
  'engine-build-failed': {
    severity: 'error',
    message:
      'The AI engine was not built: {compiler} made no library for this machine. Nothing was left behind.',
    remedy:
      'Read what it said. It must know C11 and have the headers of the C library (Debian, Ubuntu: libc6-dev); CC names another compiler.',
  },
  'engine-build-cancelled': {
    severity: 'error',
    message: 'Building the AI engine was cancelled. Nothing was left behind.',
  },
  'engine-folder-not-writable': {
    severity: 'error',
    message: 'The AI engine cannot be built, because {folder} cannot be written to.',
    remedy: 'Free space there or correct its permissions, or set XDG_DATA_HOME to another place.',
  },
  'ai-module-missing': {
    severity: 'error',
    message: 'There is no AI module at {path}, which is named by {origin}.',
    remedy: 'Correct {origin}, or remove it so that a module is looked for.',
  },
  'ai-module-unreadable': {
    severity: 'error',
    message: 'The AI module {path}, from {origin}, cannot be read.',
    remedy: 'Check its permissions, or correct {origin}.',
  },
  'ai-module-no-library': {
    severity: 'error',
    message: '{path}, from {origin}, is not a library that a server could load as its AI module.',
    remedy: 'Name the file redisai.so itself: correct {origin}.',
  },
  'ai-module-other-machine': {
    severity: 'error',
    message: 'The AI module {path}, from {origin}, was made for another kind of processor or system.',
    remedy:
      'Name one that was made for this machine, or build our engine on it (`ssw doctor --build-engine`).',
  },
  'port-taken': {
    severity: 'error',
    message: 'Port {port} of {address} is taken by {process} (process {pid}, user {user}).',
    remedy: 'End that process, choose another `port`, or write `port: auto`.',
  },
  'port-taken-by-run': {
    severity: 'error',
    message: 'Port {port} of {address} is taken by {process} (process {pid}) of the run {run}.',
    remedy: 'Stop that run (`ssw status` shows it), choose another `port`, or write `port: auto`.',
  },
  'port-taken-by-user': {
    severity: 'error',
    message: 'Port {port} of {address} is taken by a process of the user {user}.',
    remedy: 'Choose another `port`, or write `port: auto`.',
  },
  'port-taken-by-unknown': {
    severity: 'error',
    message: 'Port {port} of {address} is taken by another process.',
    remedy: 'Choose another `port`, or write `port: auto`.',
  },
  'bus-port-taken': {
    severity: 'error',
    message:
      'A shard of a cluster on port {port} also needs the port {busPort}, to talk to the other shards, and that port of {address} is taken.',
    remedy: 'Choose another `port`, or write `port: auto`.',
  },
  'port-used-by-own-run': {
    severity: 'information',
    message: 'This experiment is running: port {port} is held by its run {run}.',
    remedy: 'Stop that run before you launch again.',
  },
  'no-free-port': {
    severity: 'error',
    message: 'No free port was found for the orchestrator {orchestrator}.',
    remedy: 'Write a `port` that is free.',
  },
  'interface-unknown': {
    severity: 'error',
    message: 'This machine has no network interface {interface}. It has {known}.',
    remedy: 'Write one of these, or `lo` to stay on this machine.',
  },
  'interface-without-address': {
    severity: 'error',
    message: 'The network interface {interface} has no IPv4 address.',
    remedy: 'Write another interface, or `lo` to stay on this machine.',
  },
  'run-ends-with-session': {
    severity: 'warning',
    message:
      'When you log out, this machine ends what you have started, runs too (KillUserProcesses, {saidBy}).',
    remedy: 'Launch what has to stay in a terminal with `systemd-run --user --scope ssw up --detach FILE`.',
  },
  'run-ends-with-session-and-user': {
    severity: 'warning',
    message:
      'When you log out, this machine ends what you have started, runs too (KillUserProcesses, {saidBy}).',
    remedy:
      'Run `loginctl enable-linger` once, if the site allows it, and launch what has to stay in a terminal with `systemd-run --user --scope ssw up --detach FILE`.',
  },
  'run-ends-with-last-session': {
    severity: 'warning',
    message:
      'When the last of your sessions on this machine ends, what was started from here ends with it, runs too.',
    remedy: 'Run `loginctl enable-linger` once, if the site allows it, to keep runs.',
  },
  'interface-exposed': {
    severity: 'warning',
    message:
      'The interface {interface} ({address}) is reached from other machines: whoever reaches it can read and change this database.',
    remedy: 'Write `interface: lo`, unless something on another machine needs the database.',
  },
} as const satisfies Record<string, CatalogueEntry>;
