// The heat equation  du/dt = alpha (d2u/dx2 + d2u/dy2)  on the unit square, by explicit finite differences.
//
// The square is cut into size x size cells, a value stands for the middle of its cell. What lies beyond a
// wall is a ghost cell: the mirrored value for an insulated wall (nothing flows), its negative for a cold
// wall (the wall itself, half way between, has temperature 0).

/**
 * @typedef {object} Plate
 * @property {number} size      cells along one side
 * @property {number} alpha     thermal diffusivity
 * @property {'cold' | 'insulated'} walls
 * @property {number} timeStep  seconds
 * @property {number} step      steps taken so far
 * @property {Float64Array} temperature  row by row
 */

/**
 * A plate at temperature 0 everywhere.
 * @param {{size?: number, alpha?: number, walls?: 'cold' | 'insulated'}} options
 * @returns {Plate}
 */
export function createPlate({ size = 64, alpha = 0.01, walls = 'cold' } = {}) {
  return {
    size,
    alpha,
    walls,
    // A quarter would be stable. A sixth also keeps each new value between the old ones around it, even in
    // the corners of cold walls, so that no cell ever becomes colder than its surroundings.
    timeStep: 1 / (6 * alpha * size * size),
    step: 0,
    temperature: new Float64Array(size * size),
  };
}

/** Puts a round hot spot of peak temperature 1 on the plate, off its middle so that the walls matter. */
export function addHotSpot(plate, { x = 0.35, y = 0.4, radius = 0.12 } = {}) {
  const { size, temperature } = plate;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const dx = (column + 0.5) / size - x;
      const dy = (row + 0.5) / size - y;
      temperature[row * size + column] += Math.exp(-(dx * dx + dy * dy) / (radius * radius));
    }
  }
}

/** Takes `count` time steps. */
export function advance(plate, count = 1) {
  const { size, walls } = plate;
  const ghost = walls === 'cold' ? -1 : 1;
  // Time step and cell width belong together: this is alpha * timeStep / width^2.
  const weight = plate.alpha * plate.timeStep * size * size;
  let next = new Float64Array(size * size);
  for (let done = 0; done < count; done++) {
    const now = plate.temperature;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const at = row * size + column;
        const here = now[at];
        const left = column > 0 ? now[at - 1] : ghost * here;
        const right = column < size - 1 ? now[at + 1] : ghost * here;
        const above = row > 0 ? now[at - size] : ghost * here;
        const below = row < size - 1 ? now[at + size] : ghost * here;
        next[at] = here + weight * (left + right + above + below - 4 * here);
      }
    }
    plate.temperature = next;
    next = now;
    plate.step += 1;
  }
}

/** Seconds that have passed in the plate. */
export function timeOf(plate) {
  return plate.step * plate.timeStep;
}
