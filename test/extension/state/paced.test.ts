import assert from 'node:assert/strict';
import { Paced } from '../../../src/extension/state/paced';

describe('Paced', () => {
  let told: number;
  let waiting: (() => void)[];
  let paced: Paced;

  beforeEach(() => {
    told = 0;
    waiting = [];
    paced = new Paced(
      () => (told += 1),
      (work) => {
        waiting.push(work);
        return { dispose: () => void waiting.splice(waiting.indexOf(work), 1) };
      },
    );
  });

  const runOut = (): void => {
    for (const work of waiting.splice(0)) work();
  };

  it('tells a single change at once, and then waits for nothing', () => {
    paced.changed();
    assert.equal(told, 1);
    runOut();
    assert.equal(told, 1);
    assert.equal(waiting.length, 0);
  });

  it('tells a burst twice: its first change and all others', () => {
    for (let change = 0; change < 500; change += 1) paced.changed();
    assert.equal(told, 1);
    runOut();
    assert.equal(told, 2);
    runOut();
    assert.equal(waiting.length, 0);
  });

  it('is silent when it is disposed of', () => {
    paced.changed();
    paced.changed();
    paced.dispose();
    paced.changed();
    assert.equal(told, 1);
    assert.equal(waiting.length, 0);
  });
});
