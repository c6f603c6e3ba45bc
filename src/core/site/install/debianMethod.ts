import { copyFile, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { findExecutable } from '../findExecutable';
import { withLibraries } from '../serverVersion';
import type { InstallMethod, InstallOutcome } from './installMethod';
import type { InstallTools, StepOutcome } from './installTools';

/** Packages that hold a server together, and the server in them, best first. */
const offers = [
  { packages: ['redis-server', 'redis-tools'], program: 'redis-server' },
  { packages: ['valkey-server', 'valkey-tools'], program: 'valkey-server' },
] as const;

/** How far dependencies of dependencies are followed for libraries that the system lacks. */
const deepest = 4;

/** For Debian, Ubuntu and their kin: the distribution's own packages, fetched and unpacked into a folder, not installed. */
export const debianMethod: InstallMethod = {
  name: 'Debian packages',
  applies: async ({ PATH: searchPath }) => {
    const tools = await Promise.all(
      ['apt-get', 'apt-cache', 'dpkg', 'ldd'].map((name) => findExecutable(name, { searchPath })),
    );
    return tools.every(({ kind }) => kind === 'found');
  },
  async install(folder, tools) {
    const work = path.join(folder, 'work');
    await mkdir(path.join(work, 'packages'), { recursive: true });
    const outcome = await new DebianInstallation(folder, work, tools).install();
    await rm(work, { recursive: true });
    return outcome;
  },
};

class DebianInstallation {
  /** Options of apt-get and apt-cache: whose package lists they read. */
  private lists: readonly string[] = [];
  private readonly unpacked: string;
  private readonly libraries: string;

  constructor(
    private readonly folder: string,
    private readonly work: string,
    private readonly tools: InstallTools,
  ) {
    this.unpacked = path.join(work, 'unpacked');
    this.libraries = path.join(folder, 'lib');
  }

  async install(): Promise<InstallOutcome> {
    let found = await this.unpackOffer();
    if (!found.ok) {
      // Where the lists are missing or out of date, only root may renew them, but anybody may read their own.
      const renewed = await this.useOwnLists();
      if (!renewed.ok)
        return {
          ok: false,
          reason: `${found.reason}\n${renewed.reason}\nRoot can renew the package lists with apt-get update.`,
        };
      found = await this.unpackOffer();
    }
    if (!found.ok) return found;

    const name = found.offer.program;
    const program = path.join(this.folder, 'bin', name);
    await mkdir(path.dirname(program));
    // redis-server is a link to a program of many names.
    await copyFile(await realpath(path.join(this.unpacked, 'usr/bin', name)), program);
    const completed = await this.addLibraries(program, found.offer.packages);
    if (!completed.ok) return completed;
    await this.keepLicences();
    return {
      ok: true,
      server: {
        program: `bin/${name}`,
        source: `Debian packages ${found.offer.packages.join(', ')}`,
        ...(completed.added ? { libraryFolder: 'lib' } : {}),
      },
    };
  }

  private async unpackOffer(): Promise<
    | { readonly ok: true; readonly offer: (typeof offers)[number] }
    | { readonly ok: false; readonly reason: string }
  > {
    const reasons: string[] = [];
    for (const offer of offers) {
      const unpacked = await this.unpack(offer.packages);
      if (unpacked.ok) return { ok: true, offer };
      reasons.push(unpacked.reason);
    }
    return { ok: false, reason: reasons.join('\n') };
  }

  private async unpack(packages: readonly string[]): Promise<StepOutcome> {
    const directory = path.join(this.work, 'packages');
    const downloaded = await this.tools.run(['apt-get', ...this.lists, 'download', ...packages], {
      directory,
    });
    if (!downloaded.ok) return downloaded;
    for (const file of await readdir(directory)) {
      const archive = path.join(directory, file);
      const extracted = await this.tools.run(['dpkg', '-x', archive, this.unpacked]);
      if (!extracted.ok) return extracted;
      await rm(archive);
    }
    return downloaded;
  }

  private async useOwnLists(): Promise<StepOutcome> {
    const lists = path.join(this.work, 'lists');
    const cache = path.join(this.work, 'cache');
    await mkdir(path.join(lists, 'partial'), { recursive: true });
    await mkdir(path.join(cache, 'archives/partial'), { recursive: true });
    this.lists = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
    return this.tools.run(['apt-get', ...this.lists, 'update']);
  }

  /** Puts every shared library that the program asks for and the system lacks into a folder beside it. */
  private async addLibraries(
    program: string,
    packages: readonly string[],
  ): Promise<
    { readonly ok: true; readonly added: boolean } | { readonly ok: false; readonly reason: string }
  > {
    const seen = new Set<string>();
    let level = packages;
    let added = false;
    for (let depth = 0; depth < deepest; depth++) {
      const missing = await this.missingLibraries(program);
      if (!missing.ok) return missing;
      if (missing.names.length === 0) return { ok: true, added };
      // LD_LIBRARY_PATH has no way to quote its separators.
      if (/[:;]/.test(this.folder))
        return { ok: false, reason: `It needs libraries in a folder without colons, unlike ${this.folder}.` };
      const needed = await this.librariesOf(level);
      if (!needed.ok) return needed;
      level = needed.packages.filter((name) => !seen.has(name));
      if (level.length === 0) break;
      for (const name of level) seen.add(name);
      const unpacked = await this.unpack(level);
      if (!unpacked.ok) return unpacked;
      added = (await this.takeLibraries(program)) || added;
    }
    const left = await this.missingLibraries(program);
    if (!left.ok) return left;
    if (left.names.length === 0) return { ok: true, added };
    return { ok: false, reason: `No package was found for ${left.names.join(', ')}.` };
  }

  /** Copies libraries until one more round finds nothing new: those that came may ask for others. */
  private async takeLibraries(program: string): Promise<boolean> {
    const files = await readdir(this.unpacked, { recursive: true });
    let added = false;
    for (;;) {
      const missing = await this.missingLibraries(program);
      const found = (missing.ok ? missing.names : []).flatMap((name) => {
        const file = files.find((candidate) => path.basename(candidate) === name);
        return file === undefined ? [] : [{ name, file }];
      });
      if (found.length === 0) return added;
      await mkdir(this.libraries, { recursive: true });
      for (const { name, file } of found)
        await copyFile(await realpath(path.join(this.unpacked, file)), path.join(this.libraries, name));
      added = true;
    }
  }

  private async missingLibraries(
    program: string,
  ): Promise<
    { readonly ok: true; readonly names: readonly string[] } | { readonly ok: false; readonly reason: string }
  > {
    const environment = withLibraries(this.tools.environment, this.libraries);
    const listed = await this.tools.run(['ldd', program], { environment });
    if (!listed.ok) return listed;
    const names = [...listed.output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
    return { ok: true, names };
  }

  private async librariesOf(
    packages: readonly string[],
  ): Promise<
    | { readonly ok: true; readonly packages: readonly string[] }
    | { readonly ok: false; readonly reason: string }
  > {
    const listed = await this.tools.run(['apt-cache', ...this.lists, 'depends', ...packages]);
    if (!listed.ok) return listed;
    const names = [...listed.output.matchAll(/^[ |]+(?:Pre)?Depends: (lib[\w.+-]+)$/gm)].map(
      (match) => match[1] ?? '',
    );
    // Another C library beside the system's own loader would not start at all.
    return { ok: true, packages: [...new Set(names)].filter((name) => name !== 'libc6') };
  }

  private async keepLicences(): Promise<void> {
    const documents = path.join(this.unpacked, 'usr/share/doc');
    for (const name of await readdir(documents)) {
      const source = path.join(documents, name, 'copyright');
      const target = path.join(this.folder, 'doc', name);
      await mkdir(target, { recursive: true });
      await copyFile(source, path.join(target, 'copyright')).catch(() => undefined);
    }
  }
}
