import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endsSessionsOf, parseLogindRules } from '../../../src/core/site/logindRules';
import { controlGroupOf, findLogoutEnd } from '../../../src/core/site/logout';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('findLogoutEnd', () => {
  const folder = temporaryFolder();

  function put(name: string, text = ''): void {
    const file = path.join(folder.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A machine with systemd, seen from a session of ada over ssh. */
  function machine(main: string, place = 'etc'): void {
    put('run/systemd/system/.there');
    put('proc/self/cgroup', '0::/user.slice/user-1000.slice/session-3.scope\n');
    put(`${place}/systemd/logind.conf`, `[Login]\n${main}\n`);
  }

  const find = (user = 'ada'): ReturnType<typeof findLogoutEnd> => findLogoutEnd({ root: folder.path, user });

  const killed = (file: string, lingers = false): unknown => ({
    kind: 'with-session',
    saidBy: path.join(folder.path, file),
    lingers,
  });

  it('finds none where systemd does not run, whatever is configured', async () => {
    put('etc/systemd/logind.conf', '[Login]\nKillUserProcesses=yes\n');
    put('proc/self/cgroup', '0::/user.slice/user-1000.slice/session-3.scope\n');
    assert.equal(await find(), undefined);
  });

  it('finds none on Debian and Red Hat as they are delivered', async () => {
    machine('#NAutoVTs=6\n#KillUserProcesses=no\n#KillOnlyUsers=\n#KillExcludeUsers=root');
    assert.equal(await find(), undefined);
  });

  it('finds the setting, and the default that the delivered file names', async () => {
    machine('KillUserProcesses=yes');
    assert.deepEqual(await find(), killed('etc/systemd/logind.conf'));
    assert.equal(await find('root'), undefined);
    machine('#KillUserProcesses=yes');
    assert.deepEqual(await find(), killed('etc/systemd/logind.conf'));
  });

  it('takes the main file of the administrator for that of the distribution', async () => {
    machine('KillUserProcesses=yes', 'usr/lib');
    assert.deepEqual(await find(), killed('usr/lib/systemd/logind.conf'));
    machine('#KillUserProcesses=no');
    assert.equal(await find(), undefined);
  });

  it('lets drop-ins win over the main file, by their names, and one of /etc over its namesake', async () => {
    machine('KillUserProcesses=no');
    put('usr/lib/systemd/logind.conf.d/50-site.conf', '[Login]\nKillUserProcesses=yes\n');
    assert.deepEqual(await find(), killed('usr/lib/systemd/logind.conf.d/50-site.conf'));
    put('run/systemd/logind.conf.d/40-site.conf', '[Login]\nKillUserProcesses=no\n');
    assert.deepEqual(await find(), killed('usr/lib/systemd/logind.conf.d/50-site.conf'));
    // An empty file of that name, or a link to /dev/null, puts the other out of force.
    put('etc/systemd/logind.conf.d/50-site.conf');
    assert.equal(await find(), undefined);
    put('run/systemd/logind.conf.d/60-site.txt', '[Login]\nKillUserProcesses=yes\n');
    assert.equal(await find(), undefined);
  });

  it('knows who lingers', async () => {
    machine('KillUserProcesses=yes');
    put('var/lib/systemd/linger/ada');
    assert.deepEqual(await find(), killed('etc/systemd/logind.conf', true));
  });

  it('looks at where this process belongs', async () => {
    machine('KillUserProcesses=yes');
    put('proc/self/cgroup', '0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope\n');
    assert.deepEqual(await find(), { kind: 'with-last-session' });
    put('var/lib/systemd/linger/ada');
    assert.equal(await find(), undefined);
    for (const elsewhere of ['/system.slice/slurmstepd.scope/job_7', '/system.slice/cron.service', '/', '']) {
      put('proc/self/cgroup', `0::${elsewhere}\n`);
      assert.equal(await find(), undefined, elsewhere);
    }
  });
});

describe('controlGroupOf', () => {
  it('reads both versions', () => {
    assert.equal(controlGroupOf('0::/a.scope\n'), '/a.scope');
    assert.equal(controlGroupOf('12:memory:/m\n1:name=systemd:/s.scope\n0::/\n'), '/s.scope');
    assert.equal(controlGroupOf(''), '');
  });
});

describe('parseLogindRules', () => {
  const rules = (text: string): ReturnType<typeof parseLogindRules> =>
    parseLogindRules([{ path: '/etc/systemd/logind.conf', text }]);

  it('takes what systemd takes, and ignores what it ignores', () => {
    for (const value of ['1', 'yes', 'Y', 'TRUE', 't', 'on'])
      assert.equal(rules(`[Login]\n KillUserProcesses = ${value} \n`).killsProcesses, true, value);
    for (const value of ['0', 'no', 'off', 'False', '', 'perhaps'])
      assert.equal(rules(`[Login]\nKillUserProcesses=${value}\n`).killsProcesses, false, value);
    assert.equal(rules('[Login]\nKillUserProcesses=yes\nKillUserProcesses=perhaps\n').killsProcesses, true);
    assert.equal(rules('KillUserProcesses=yes\n').killsProcesses, false);
    assert.equal(rules('[Sleep]\nKillUserProcesses=yes\n').killsProcesses, false);
    assert.equal(rules('[Login]\n;KillUserProcesses=yes\n').killsProcesses, false);
  });

  it('knows whose sessions are ended', () => {
    const ends = (user: string, text: string): boolean => endsSessionsOf(user, rules(`[Login]\n${text}\n`));
    assert.equal(ends('ada', 'KillOnlyUsers=ada bob'), true);
    assert.equal(ends('eve', 'KillUserProcesses=yes\nKillOnlyUsers=ada bob'), false);
    assert.equal(ends('ada', 'KillUserProcesses=yes\nKillExcludeUsers=ada'), false);
    assert.equal(ends('root', 'KillUserProcesses=yes'), false);
    assert.equal(ends('root', 'KillUserProcesses=yes\nKillExcludeUsers='), true);
    assert.equal(ends('ada', 'KillOnlyUsers=ada\nKillOnlyUsers='), false);
    assert.equal(ends('bob', 'KillOnlyUsers=ada \\\n  bob'), true);
  });
});
