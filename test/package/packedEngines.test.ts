import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { engineOf } from '../../scripts/engine.mjs';
import { compilePackedEngines } from '../../scripts/packedEngines.mjs';
import { projectRoot } from '../support/projectRoot';

/** Bytes 4 to 8 of Mach-O, and 18 to 20 of ELF: the kind of processor. */
const processors = {
  'linux-x64': [0x3e, 0x00],
  'linux-arm64': [0xb7, 0x00],
  'darwin-x64': [0x07, 0x00, 0x00, 0x01],
  'darwin-arm64': [0x0c, 0x00, 0x00, 0x01],
};
const platforms = Object.keys(processors) as (keyof typeof processors)[];

describe('the engines of the package', () => {
  const read = (platform: string): Buffer => readFileSync(engineOf(platform));

  before(function () {
    this.timeout(400_000);
    compilePackedEngines();
  });

  for (const platform of platforms) {
    const system = platform.replace(/-.*/, '');

    it(`is for ${platform} what its system loads there`, () => {
      const bytes = read(platform);
      const [magic, at] = system === 'linux' ? ['7f454c46', 18] : ['cffaedfe', 4];
      const processor = processors[platform];
      assert.equal(bytes.toString('hex', 0, 4), magic);
      assert.deepEqual([...bytes.subarray(at, at + processor.length)], processor);
    });

    it(`has for ${platform} the entry of a module, and no place of the machine that it was made on`, () => {
      const text = read(platform).toString('latin1');
      assert.ok(text.includes(`${system === 'linux' ? '' : '_'}RedisModule_OnLoad\0`));
      assert.ok(!text.includes(projectRoot));
    });

    if (system === 'linux') {
      it(`needs on ${platform} libc alone, and nothing newer than glibc 2.17`, () => {
        const listed = spawnSync('readelf', ['-W', '-d', '-V', engineOf(platform)], { encoding: 'utf8' });
        assert.equal(listed.status, 0, listed.stderr);
        const needed = [...listed.stdout.matchAll(/NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
        assert.deepEqual(needed, ['libc.so.6']);
        const versions = [...listed.stdout.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
        assert.ok(versions.length > 0 && Math.max(...versions) <= 17, versions.join(' '));
      });
    }
  }
});
