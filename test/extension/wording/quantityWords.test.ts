import assert from 'node:assert/strict';
import { bytesText, durationText, timeText } from '../../../src/extension/wording/quantityWords';
import { plainWording } from '../../support/plainWording';

describe('quantities', () => {
  it('shows sizes in binary units', () => {
    const texts = [0, 1023, 1024, 1_572_864, 5 * 1024 ** 4].map((bytes) => bytesText(bytes, plainWording));
    assert.deepEqual(texts, ['0 B', '1,023 B', '1 KiB', '1.5 MiB', '5 TiB']);
  });

  it('shows durations in the unit that fits', () => {
    const texts = [0, 840, 59_940, 59_960, 125_000, 10_920_000].map((ms) => durationText(ms, plainWording));
    assert.deepEqual(texts, ['0 s', '0.8 s', '59.9 s', '1 min 0 s', '2 min 5 s', '3 h 2 min']);
  });

  it('shows the date only where it is another day', () => {
    const noon = new Date(2026, 10, 23, 12, 0, 0).getTime();
    const day = 86_400_000;
    assert.ok(!timeText(noon, plainWording, noon + 1000).includes('2026'));
    assert.ok(timeText(noon, plainWording, noon + day).includes('2026'));
  });
});
