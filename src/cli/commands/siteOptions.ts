import { userDirectories } from '../../core/base/userDirectories';
import { engineIn } from '../../core/site/engineIn';
import type { SiteOptions } from '../../core/site/site';
import type { CommandContext } from '../command';

/** How the command line looks at this machine. */
export function siteOptionsOf({ environment }: CommandContext): SiteOptions {
  return {
    environment,
    dataDirectory: userDirectories(environment, process.getuid?.() ?? 0).data,
    engine: engineIn(__dirname),
  };
}
