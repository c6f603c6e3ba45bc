/**
 * How keys are grouped, said once more without any of the product's code, on plain strings (one character a byte) and Maps, by
 * looking at all keys for every question. docs/keys.md has the rules.
 */
export interface NaiveRow {
  readonly kind: 'folder' | 'dataset' | 'aiModel' | 'key';
  readonly label: string;
  /** Keys that are this row itself: metadata of a dataset, all keys of a model. */
  readonly own: readonly string[];
  /** Of folders and datasets. */
  readonly below?: readonly NaiveRow[];
}

export interface NaiveRules {
  readonly delimiters: string;
  readonly shardPrefixes: readonly string[];
}

export function naiveTree(keys: ReadonlySet<string>, rules: NaiveRules): NaiveRow[] {
  const onShards = keysOnShards(keys, rules.shardPrefixes);
  const rows = [...models(onShards), ...leftovers(onShards)];
  const units = new Map<string, Unit>();
  for (const key of keys) {
    if (onShards.has(key)) continue;
    const unit = unitOf(key, keys, rules);
    const known = units.get(unit.id);
    if (known === undefined) units.set(unit.id, unit);
    else known.keys.push(key);
  }
  return [...rows, ...rowsBelow('', [...units.values()])];
}

/** All keys that a row shows, in it or below it. */
export function keysOf(row: NaiveRow): string[] {
  return [...row.own, ...(row.below ?? []).flatMap(keysOf)];
}

interface Unit {
  readonly id: string;
  readonly kind: 'dataset' | 'plain';
  readonly name: string;
  /** Prefixes of folders in which it may lie. */
  readonly folders: readonly string[];
  readonly keys: string[];
}

function unitOf(key: string, keys: ReadonlySet<string>, rules: NaiveRules): Unit {
  const { folders, dataset } = parts(key, rules);
  if (dataset !== undefined)
    return keys.has(`${dataset}meta`)
      ? { id: `dataset ${dataset}`, kind: 'dataset', name: dataset.slice(0, -1), folders, keys: [key] }
      : { id: `plain ${key}`, kind: 'plain', name: key, folders: [...folders, dataset], keys: [key] };
  const base = deviceBase(key) ?? key;
  return { id: `plain ${base}`, kind: 'plain', name: base, folders: parts(base, rules).folders, keys: [key] };
}

function deviceBase(key: string): string | undefined {
  const base = /^(.+)\.GPU:\d{1,3}$/s.exec(key)?.[1];
  return base === undefined || deviceBase(base) !== undefined ? undefined : base;
}

/** The prefixes of a key that end with a delimiter outside of its braces, up to the prefix of its dataset. */
function parts(key: string, { delimiters }: NaiveRules): { folders: string[]; dataset?: string } {
  const [, before = '', tag = '', behind = ''] = /^([^{]*)(\{[^}]*\})?(.*)$/s.exec(key) ?? [];
  const folders: string[] = [];
  for (let end = 1; end <= before.length; end++)
    if (delimiters.includes(before[end - 1]!)) folders.push(key.slice(0, end));
  if (tag === '') return { folders };
  const first = before.length + tag.length;
  for (let end = first + 1; end <= first + behind.length; end++) {
    if (key.slice(0, end).endsWith('}.')) return { folders, dataset: key.slice(0, end) };
    if (delimiters.includes(key[end - 1]!)) folders.push(key.slice(0, end));
  }
  return { folders };
}

function rowsBelow(folder: string, units: readonly Unit[]): NaiveRow[] {
  const groups = new Map<string, Unit[]>();
  const rows: NaiveRow[] = [];
  for (const unit of units) {
    const next = unit.folders.find((prefix) => prefix.length > folder.length);
    if (next === undefined) rows.push(unitRow(folder, unit));
    else groups.set(next, [...(groups.get(next) ?? []), unit]);
  }
  for (const group of groups.values()) {
    const [first, second] = group;
    if (second === undefined) {
      rows.push(unitRow(folder, first!));
      continue;
    }
    const shared = first!.folders.filter((prefix) => group.every(({ folders }) => folders.includes(prefix)));
    const prefix = shared.at(-1)!;
    rows.push({
      kind: 'folder',
      label: prefix.slice(folder.length),
      own: [],
      below: rowsBelow(prefix, group),
    });
  }
  return rows;
}

function unitRow(folder: string, unit: Unit): NaiveRow {
  const label = unit.name.slice(folder.length);
  if (unit.kind === 'dataset') {
    const metadata = `${unit.name}.meta`;
    const tensors = unit.keys.filter((key) => key !== metadata);
    const below = tensors.map((key) => keyRow(key, key.slice(unit.name.length + 1)));
    return { kind: 'dataset', label, own: [metadata], below };
  }
  if (unit.keys.length === 1 && unit.keys[0] === unit.name) return keyRow(unit.name, label);
  return { kind: 'aiModel', label, own: unit.keys };
}

function keyRow(key: string, label: string): NaiveRow {
  return { kind: 'key', label, own: [key] };
}

/** What lies on shards under their prefixes: each key's name without it. */
function keysOnShards(keys: ReadonlySet<string>, prefixes: readonly string[]): Map<string, string> {
  const described = prefixes.filter((prefix) => keys.has(`{${prefix}}.meta`));
  const claimed = described.length === 1 && prefixes.length > 1 ? described[0] : undefined;
  const found = new Map<string, string>();
  for (const prefix of prefixes) {
    for (const key of keys) {
      if (!key.startsWith(`{${prefix}}.`)) continue;
      const name = key.slice(prefix.length + 3);
      const elsewhere = prefixes.some((other) => other !== prefix && keys.has(`{${other}}.${name}`));
      if (prefix !== claimed || elsewhere) found.set(key, name);
    }
  }
  return found;
}

function models(onShards: ReadonlyMap<string, string>): NaiveRow[] {
  const byName = new Map<string, string[]>();
  for (const [key, name] of onShards) {
    if (name.endsWith('.TMP')) continue;
    const base = deviceBase(name) ?? name;
    byName.set(base, [...(byName.get(base) ?? []), key]);
  }
  const below = [...byName].map(([label, own]): NaiveRow => ({ kind: 'aiModel', label, own }));
  return below.length === 0 ? [] : [{ kind: 'folder', label: '', own: [], below }];
}

function leftovers(onShards: ReadonlyMap<string, string>): NaiveRow[] {
  const below = [...onShards].flatMap(([key, name]) => (name.endsWith('.TMP') ? [keyRow(key, name)] : []));
  return below.length === 0 ? [] : [{ kind: 'folder', label: '', own: [], below }];
}
