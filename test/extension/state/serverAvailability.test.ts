import assert from 'node:assert/strict';
import { ServerAvailability } from '../../../src/extension/state/serverAvailability';

describe('ServerAvailability', () => {
  let looks: number;
  let there: boolean;
  let availability: ServerAvailability;

  beforeEach(() => {
    looks = 0;
    there = false;
    availability = new ServerAvailability(() => {
      looks += 1;
      return Promise.resolve(there);
    });
  });

  it('calls nothing missing before it has looked', async () => {
    assert.equal(availability.missing, false);
    await availability.once();
    assert.equal(availability.missing, true);
  });

  it('looks once, and again when it is told to', async () => {
    await availability.once();
    await availability.once();
    assert.equal(looks, 1);
    there = true;
    await availability.again();
    assert.equal(availability.missing, false);
  });

  it('looks again after a change only if somebody had asked', async () => {
    await availability.recheck();
    assert.equal(looks, 0);
    await availability.once();
    await availability.recheck();
    assert.equal(looks, 2);
  });
});
