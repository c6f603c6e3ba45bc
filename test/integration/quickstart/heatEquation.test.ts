import assert from 'node:assert/strict';
import { loadHeatEquation, type Plate } from './quickstartModules';

/** The first sine mode of a plate with cold walls: it keeps its shape and fades exponentially. */
function fillWithFirstMode(plate: Plate): void {
  for (let row = 0; row < plate.size; row++) {
    for (let column = 0; column < plate.size; column++) {
      plate.temperature[row * plate.size + column] =
        Math.sin((Math.PI * (row + 0.5)) / plate.size) * Math.sin((Math.PI * (column + 0.5)) / plate.size);
    }
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('quickstart: heat equation', () => {
  it('lets the first sine mode fade as the analytic solution says', async () => {
    const { advance, createPlate, timeOf } = await loadHeatEquation();
    const errorAt = (size: number): number => {
      const alpha = 0.02;
      const plate = createPlate({ size, alpha, walls: 'cold' });
      fillWithFirstMode(plate);
      const before = sum(plate.temperature);
      // A finer plate takes shorter steps: the same moment for every size.
      advance(plate, (size * size) / 4);
      const expected = Math.exp(-2 * Math.PI ** 2 * alpha * timeOf(plate));
      assert.ok(expected < 0.5, `too early to tell: ${expected}`);
      return Math.abs(sum(plate.temperature) / before - expected) / expected;
    };
    const [coarse, fine] = [errorAt(16), errorAt(32)];
    assert.ok(fine < 1e-3, `relative error ${fine}`);
    // Second order: half the width, a quarter of the error.
    assert.ok(coarse / fine > 3.5 && coarse / fine < 4.5, `${coarse} against ${fine}`);
  });

  it('follows the discrete mode to rounding', async () => {
    const { advance, createPlate } = await loadHeatEquation();
    const size = 24;
    const plate = createPlate({ size, walls: 'cold' });
    fillWithFirstMode(plate);
    const start = Float64Array.from(plate.temperature);
    advance(plate, 100);
    // Each step multiplies the mode by 1 - 8 r sin^2(pi h / 2), with r = 1/6.
    const factor = (1 - (8 / 6) * Math.sin(Math.PI / (2 * size)) ** 2) ** 100;
    for (const [at, value] of plate.temperature.entries()) {
      assert.ok(Math.abs(value - (start[at] ?? NaN) * factor) < 1e-12);
    }
  });

  it('keeps the heat inside insulated walls and lets it out of cold ones', async () => {
    const { addHotSpot, advance, createPlate } = await loadHeatEquation();
    const heatLeft = (walls: 'cold' | 'insulated'): number => {
      const plate = createPlate({ size: 32, walls });
      addHotSpot(plate);
      const before = sum(plate.temperature);
      advance(plate, 2000);
      return sum(plate.temperature) / before;
    };
    assert.ok(Math.abs(heatLeft('insulated') - 1) < 1e-12);
    assert.ok(heatLeft('cold') < 0.1);
  });

  it('never makes a cell colder or hotter than what was around it, also in the corners', async () => {
    const { advance, createPlate } = await loadHeatEquation();
    const plate = createPlate({ size: 8, walls: 'cold' });
    plate.temperature[0] = 1;
    for (let step = 0; step < 50; step++) {
      const peak = Math.max(...plate.temperature);
      advance(plate, 1);
      assert.ok(Math.min(...plate.temperature) >= 0);
      assert.ok(Math.max(...plate.temperature) <= peak);
    }
  });
});
