import assert from 'node:assert/strict';
import { asksBeforeStop } from '../../../src/extension/state/stopQuestion';

describe('asksBeforeStop', () => {
  it('is true for what has run longer than ten minutes', () => {
    const startedAt = Date.UTC(2026, 10, 23, 14);
    assert.equal(asksBeforeStop({ startedAt }, startedAt + 10 * 60_000), false);
    assert.equal(asksBeforeStop({ startedAt }, startedAt + 10 * 60_000 + 1), true);
  });

  it('is false while the clock says that the run has not begun', () => {
    assert.equal(asksBeforeStop({ startedAt: 1 }, 0), false);
  });
});
