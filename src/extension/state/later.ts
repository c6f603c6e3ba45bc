import type { Disposable } from '../../core/base/disposables';

/** Does work after a while, unless the answer is disposed before; tests bring their own. */
export type Later = (work: () => void, milliseconds: number) => Disposable;

export const afterMilliseconds: Later = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds);
  return {
    dispose: () => {
      clearTimeout(timer);
    },
  };
};
