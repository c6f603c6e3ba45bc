import assert from 'node:assert/strict';
import { tellsKillOf } from '../../../src/core/launch/memoryKill';

describe('the log of the kernel', () => {
  const identity = { hostId: '', bootId: '', pidNamespace: '', pid: 23802, startTime: '906000' };
  const limit =
    '6,422,9062710911,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=redis-server,pid=23802,uid=1000\n';
  const whole =
    '3,423,9062710943,-;Out of memory: Killed process 23802 (redis-server) total-vm:1050256kB, anon-rss:64768kB\n';
  const group =
    '3,423,9062710943,-;Memory cgroup out of memory: Killed process 23802 (redis-server) total-vm:1kB\n';

  it('tells whom it has ended for want of memory', () => {
    for (const record of [limit, whole, group]) assert.equal(tellsKillOf(record, identity), true, record);
  });

  it('tells nothing of others, nor of who had the number before', () => {
    for (const record of [limit, whole, group]) {
      assert.equal(tellsKillOf(record, { ...identity, pid: 2380 }), false);
      assert.equal(tellsKillOf(record, { ...identity, startTime: '906272' }), false);
    }
    for (const record of [
      '',
      'nonsense',
      '6,1,9062710911,-;usb 1-1: new device\n',
      '4,344,9062708556,-;node invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, pid=23802,\n',
    ])
      assert.equal(tellsKillOf(record, identity), false, record);
  });
});
