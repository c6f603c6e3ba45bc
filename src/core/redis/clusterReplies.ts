import { UnexpectedReply } from './redisFailure';
import { numberField, parseInfo, textField } from './redisReplies';

/** Another node, or the node itself, as one node of a cluster knows it. */
export interface KnownNode {
  /** 40 hexadecimal digits that the node has given itself. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly myself: boolean;
  /** `handshake`: it was met, and has not answered yet. */
  readonly state: 'ok' | 'handshake' | 'suspected' | 'failed';
  /** Config epoch: which of two claims to a slot is the newer one. */
  readonly epoch: number;
  /** Inclusive ranges. */
  readonly slots: readonly (readonly [from: number, to: number])[];
}

/** What a node says of its cluster as a whole. */
export interface ClusterState {
  /** It serves keys. */
  readonly ok: boolean;
  /** Nodes that it knows, itself included. */
  readonly knownNodes: number;
  /** Slots of which it knows the owner. */
  readonly assignedSlots: number;
}

/** Reads a reply of `CLUSTER INFO`. */
export function parseClusterState(reply: unknown): ClusterState {
  const fields = parseInfo(reply);
  return {
    ok: textField(fields, 'cluster_state') === 'ok',
    knownNodes: numberField(fields, 'cluster_known_nodes'),
    assignedSlots: numberField(fields, 'cluster_slots_assigned'),
  };
}

/**
 * Reads a reply of `CLUSTER NODES`: a line for each node with id, `ip:port@bus[,name…]`, flags, master, times of
 * ping and pong, config epoch, state of the link, and slots; `[…]` are slots on the move.
 */
export function parseClusterNodes(reply: unknown): readonly KnownNode[] {
  if (typeof reply !== 'string') throw new UnexpectedReply('CLUSTER NODES did not answer with text');
  return reply
    .split('\n')
    .filter((line) => line !== '')
    .map(parseNode);
}

function parseNode(line: string): KnownNode {
  const [id, address, flags, , , , epoch, , ...slots] = line.split(' ');
  const [, host, port] = /^(.*):(\d+)(?:@.*)?$/.exec(address ?? '') ?? [];
  if (id === undefined || host === undefined || flags === undefined || epoch === undefined) {
    throw new UnexpectedReply(`CLUSTER NODES gave a line ${JSON.stringify(line.slice(0, 200))}`);
  }
  const words = flags.split(',');
  return {
    id,
    host,
    port: Number(port),
    myself: words.includes('myself'),
    state: stateOf(words),
    epoch: Number(epoch),
    slots: slots.filter((range) => !range.startsWith('[')).map(parseRange),
  };
}

function stateOf(flags: readonly string[]): KnownNode['state'] {
  if (flags.includes('handshake')) return 'handshake';
  if (flags.includes('fail')) return 'failed';
  return flags.includes('fail?') ? 'suspected' : 'ok';
}

function parseRange(text: string): readonly [from: number, to: number] {
  const [from, to = from] = text.split('-').map(Number);
  if (from === undefined || to === undefined || Number.isNaN(from + to)) {
    throw new UnexpectedReply(`CLUSTER NODES gave the slots ${JSON.stringify(text.slice(0, 200))}`);
  }
  return [from, to];
}
