import assert from 'node:assert/strict';
import { findNetworkInterface } from '../../../src/core/site/networkInterfaces';

const interfaces = [
  { name: 'eth0', address: '10.0.0.5', loopback: false },
  { name: 'lo0', address: '127.0.0.1', loopback: true },
  { name: 'lotus', loopback: false },
];

describe('findNetworkInterface', () => {
  it('takes lo for the first whose name starts so', () => {
    assert.equal(findNetworkInterface(interfaces, 'lo')?.name, 'lo0');
  });

  it('takes every other name as it is', () => {
    assert.equal(findNetworkInterface(interfaces, 'eth0')?.address, '10.0.0.5');
    assert.equal(findNetworkInterface(interfaces, 'eth'), undefined);
    assert.equal(findNetworkInterface(interfaces, '__proto__'), undefined);
  });
});
