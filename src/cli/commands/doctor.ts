import { userDirectories } from '../../core/base/userDirectories';
import { buildEngine } from '../../core/site/buildEngine';
import { chooseServer } from '../../core/site/chooseServer';
import { listComponents } from '../../core/site/components';
import { installServer } from '../../core/site/installServer';
import { listServers } from '../../core/site/listServers';
import { ServerVersions } from '../../core/site/serverVersion';
import type { SiteOptions } from '../../core/site/site';
import type { Command, CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { renderComponents } from '../render/components';
import { renderProblem } from '../render/problems';
import { siteOptionsOf } from './siteOptions';

export const doctor: Command = {
  name: 'doctor',
  usage: '[--install-server] [--build-engine]',
  summary: 'tell what is found here, and what to do about what is not',
  options: { 'install-server': { type: 'boolean' }, 'build-engine': { type: 'boolean' } },
  async run(context): Promise<ExitCode> {
    const { environment, values, json, out, signal } = context;
    const versions = new ServerVersions();
    const site = { ...siteOptionsOf(context), versions };
    const installed = values['install-server'] !== true || (await install(site, context));
    const built = values['build-engine'] !== true || (await build(site, context));
    signal.throwIfAborted();
    const { runtimeCandidates } = userDirectories(environment, process.getuid?.() ?? 0);
    const components = await listComponents({ ...site, runtimeCandidates }, signal);
    signal.throwIfAborted();
    out.write(json ? `${JSON.stringify({ components })}\n` : renderComponents(components));
    return installed && built ? exitCode.done : exitCode.failed;
  },
};

/** Installs a server unless one is there that will do; says whether one is there now. */
async function install(
  site: SiteOptions & { readonly versions: ServerVersions },
  { err, log, directory, signal }: CommandContext,
): Promise<boolean> {
  const present = chooseServer(await listServers({ ...site, signal }), 'auto');
  if (present.ok) {
    log.info(`Nothing to install: ${present.value.path} will do.`);
    return true;
  }
  const result = await installServer({ ...site, log, signal });
  for (const found of result.problems) err.write(renderProblem(found, directory));
  if (result.ok)
    log.info(`Installed ${result.value.engine} ${result.value.version} at ${result.value.path}.`);
  return result.ok;
}

/** Builds the AI engine; says whether it is there now. */
async function build(site: SiteOptions, { err, log, directory, signal }: CommandContext): Promise<boolean> {
  const result = await buildEngine({ ...site, log, signal });
  for (const found of result.problems) err.write(renderProblem(found, directory));
  return result.ok;
}
