import type { KnownDatabase } from '../../state/connectionStore';
import { addressesText, connectionText, originText } from '../../wording/connectionWords';
import { problemLines } from '../../wording/problemWords';
import type { Wording } from '../../wording/wording';
import { described, type Capability, type NodeIcon, type ViewNode } from '../viewNode';

/** The databases that no run of ours has, below one row; none where there are none. */
export function databaseNodes(databases: readonly KnownDatabase[], wording: Wording): readonly ViewNode[] {
  const others = databases.filter(({ target }) => !target.own);
  if (others.length === 0) return [];
  const { t } = wording;
  const label = t('Other Databases');
  return [
    {
      id: 'group:otherDatabases',
      label,
      tooltip: [t('Databases that were not launched here: found, connected to, or remembered.')],
      icon: { name: 'plug' },
      spoken: label,
      subject: { kind: 'group', name: 'otherDatabases' },
      capabilities: [],
      expanded: true,
      children: others.map((known) => databaseNode(known, wording)),
    },
  ];
}

function databaseNode(known: KnownDatabase, wording: Wording): ViewNode {
  const { t } = wording;
  const { target, origins, state } = known;
  const stands = connectionText(known, t);
  const from = origins.map((origin) => originText(origin, t));
  return {
    id: `database:${target.id}`,
    label: target.name,
    description: described(stands, originWord(known, t)),
    tooltip: [
      t('Database {name}: {state}', { name: target.name, state: stands }),
      ...(state.kind === 'failed' ? problemLines(state.problem, t) : []),
      t('Address: {address}', { address: addressesText(known) }),
      ...(target.user === undefined ? [] : [t('User: {user}', { user: target.user })]),
      ...from.map((origin) => t('Known from: {origin}', { origin })),
    ],
    icon: iconOf(known),
    spoken: described(t('Database {name}: {state}', { name: target.name, state: stands }), from[0]),
    subject: { kind: 'database', id: target.id },
    capabilities: capabilitiesOf(known),
    expanded: false,
    children: [],
  };
}

/** One or two words, where `originText` names files. */
function originWord({ origins }: KnownDatabase, t: Wording['t']): string {
  const [first] = origins;
  switch (first?.kind) {
    case 'environment':
      return first.variable;
    case 'manifest':
    case 'announcement':
      return t('found in the workspace');
    case 'address':
      return t('remembered');
    default:
      return '';
  }
}

function iconOf({ state }: KnownDatabase): NodeIcon {
  switch (state.kind) {
    case 'connected':
      return { name: 'database', color: 'charts.green' };
    case 'failed':
      return { name: 'database', color: 'testing.iconFailed' };
    case 'listed':
      return { name: 'database', color: 'disabledForeground' };
    default:
      return { name: 'database' };
  }
}

function capabilitiesOf({ state, remembered, unlocked }: KnownDatabase): readonly Capability[] {
  const connects = state.kind === 'listed' || state.kind === 'failed';
  return [
    connects ? 'canConnect' : 'canDisconnect',
    ...(remembered ? ['canForget' as const] : []),
    ...(connects ? [] : [unlocked ? ('canLock' as const) : ('canUnlock' as const), 'hasKeys' as const]),
    'hasAddress',
  ];
}
