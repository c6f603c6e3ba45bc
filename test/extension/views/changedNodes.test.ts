import assert from 'node:assert/strict';
import { changedNodes } from '../../../src/extension/views/changedNodes';
import type { ViewNode } from '../../../src/extension/views/viewNode';

function node(id: string, children: readonly ViewNode[] = [], description = ''): ViewNode {
  return {
    id,
    label: id,
    description,
    tooltip: [],
    icon: { name: 'beaker' },
    spoken: id,
    subject: { kind: 'experiment', file: id },
    capabilities: [],
    expanded: false,
    children,
  };
}

describe('changedNodes', () => {
  it('finds nothing when nothing has changed', () => {
    assert.deepEqual(changedNodes([node('a', [node('b')])], [node('a', [node('b')])]), []);
  });

  it('names only the leaf whose row has changed', () => {
    const before = [node('a', [node('b'), node('c')]), node('d')];
    const after = [node('a', [node('b'), node('c', [], 'other')]), node('d')];
    assert.deepEqual(changedNodes(before, after), ['c']);
  });

  it('names the parent when a child came, went or moved', () => {
    const one = [node('a', [node('b')])];
    const two = [node('a', [node('b'), node('c')])];
    const moved = [node('a', [node('c'), node('b')])];
    assert.deepEqual(changedNodes(one, two), ['a']);
    assert.deepEqual(changedNodes(two, one), ['a']);
    assert.deepEqual(changedNodes(two, moved), ['a']);
  });

  it('names a changed parent once, and not what is below it', () => {
    const before = [node('a', [node('b')])];
    const after = [node('a', [node('b', [], 'other')], 'other')];
    assert.deepEqual(changedNodes(before, after), ['a']);
  });

  it('asks for everything when the roots are others', () => {
    assert.equal(changedNodes([], [node('a')]), 'all');
    assert.equal(changedNodes([node('a')], [node('b')]), 'all');
  });
});
