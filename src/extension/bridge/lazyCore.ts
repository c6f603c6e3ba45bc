import path from 'node:path';
import { messageOf } from '../../core/base/problem';
import { userDirectories, type Environment } from '../../core/base/userDirectories';
import { engineIn } from '../../core/site/engineIn';
import type { SiteOptions } from '../../core/site/site';
import type { HeavyCore } from './heavyCore';

/** Where this window runs; the settings and `isTrusted` are asked at each use. */
export interface LazyCoreOptions {
  readonly environment: Environment;
  readonly userId: number;
  /** The program that runs supervisors: the window's own Node. */
  readonly node: string;
  /** Path of `supervisor.js`. */
  readonly supervisor: string;
  /** Folder of the package's programs, which has the AI engine and `inspector.js`. */
  readonly programs: string;
  readonly isTrusted: () => boolean;
  readonly serverSetting: () => string | undefined;
  readonly redisaiSetting: () => string | undefined;
}

/** The core's heavy parts behind `import()`: what is not used is never loaded. */
export function lazyCore(options: LazyCoreOptions): HeavyCore {
  const { environment, node, supervisor } = options;
  const directories = userDirectories(environment, options.userId);
  // Kept, so that a server is asked for its version once and not at every key that is pressed.
  let versions: SiteOptions['versions'];
  const siteOptions = async (): Promise<SiteOptions & { versions: NonNullable<SiteOptions['versions']> }> => {
    const { ServerVersions } = await import('../../core/site/serverVersion');
    versions ??= new ServerVersions();
    const serverSetting = options.serverSetting();
    const redisaiSetting = options.redisaiSetting();
    return {
      environment,
      dataDirectory: directories.data,
      versions,
      engine: engineIn(options.programs),
      ...(serverSetting === undefined ? {} : { serverSetting }),
      ...(redisaiSetting === undefined ? {} : { redisaiSetting }),
    };
  };
  return {
    async parse(source) {
      const [{ parseExperiment }, { locate, locateKey }] = await Promise.all([
        import('../../core/spec/parseExperiment'),
        import('../../core/spec/locate'),
      ]);
      const document = parseExperiment(source);
      return {
        document,
        rangeOf: (path) => locate(document, path),
        keyRangeOf: (path) => locateKey(document, path),
      };
    },
    async check(source, signal) {
      const [{ checkExperiment }, { newRunId }] = await Promise.all([
        import('../../core/plan/checkExperiment'),
        import('../../core/run/newRunId'),
      ]);
      return checkExperiment(source, {
        runId: newRunId(new Date()),
        ...(options.isTrusted() ? { site: await siteOptions() } : {}),
        ...(signal === undefined ? {} : { signal }),
      });
    },
    async start(plan, signal) {
      const { startRun } = await import('../../core/run/startRun');
      return startRun(plan, { node, supervisor, environment, directories, signal });
    },
    async untilLaunched(run, signal) {
      const { untilLaunched } = await import('../../core/run/untilLaunched');
      return untilLaunched(run, signal);
    },
    async adopt(record) {
      const { adoptRun } = await import('../../core/run/adoptRun');
      return adoptRun(record, { node, supervisor, environment, directories });
    },
    async runs() {
      const [{ RunIndex }, { openRun }] = await Promise.all([
        import('../../core/run/runIndex'),
        import('../../core/run/openRun'),
      ]);
      const index = new RunIndex(directories);
      return {
        list: async () => {
          const records = await index.list();
          if (records.ok) return records.value;
          throw new Error(records.problems.map(messageOf).join(' '));
        },
        open: (record) => openRun(record),
        onDidChange: index.onDidChange,
      };
    },
    async toldOnce(runDirectory, news) {
      const { toldOnce } = await import('../../core/run/toldOnce');
      return toldOnce(runDirectory, news);
    },
    async hasServer() {
      const [{ listServers }, { chooseServer }] = await Promise.all([
        import('../../core/site/listServers'),
        import('../../core/site/chooseServer'),
      ]);
      return chooseServer(await listServers(await siteOptions()), 'auto').ok;
    },
    async databases() {
      const { databaseCore } = await import('./databaseCore');
      return databaseCore(environment, options.userId);
    },
    async installServer(log, signal) {
      const { installServer } = await import('../../core/site/installServer');
      return installServer({ environment, dataDirectory: directories.data, log, signal });
    },
    async buildEngine(log, signal) {
      const { buildEngine } = await import('../../core/site/buildEngine');
      return buildEngine({ ...(await siteOptions()), log, signal });
    },
    async keys() {
      const { keyCore } = await import('./keyCore');
      return keyCore(path.join(options.programs, 'inspector.js'), path.join(directories.state, 'deletions'));
    },
  };
}
