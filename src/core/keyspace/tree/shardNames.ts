import { joinBytes } from '../../base/bytes';
import { compareBytes, compareStart } from '../names/compareBytes';
import { NameRange } from '../names/nameRange';
import type { SortedNames } from '../names/sortedNames';
import { braced, isLeftover, metadataKeyOf } from './keyGrammar';
import { shardModels } from './shardModels';

/** Names of AI models and of what their runs left, as the shards of a cluster have them: `{prefix of the shard}.name`. */
export class ShardNames {
  /** `{prefix}.` of each. */
  private readonly prefixes: readonly Uint8Array[];
  private readonly datasets: ReadonlySet<Uint8Array>;

  constructor(
    private readonly names: SortedNames,
    shardPrefixes: readonly Uint8Array[],
  ) {
    this.prefixes = shardPrefixes.map(braced).sort(compareBytes);
    // A dataset may bear the prefix of a shard as its name, such as `8M`. Models are on every shard, its metadata are not.
    const described = this.prefixes.filter((prefix) => names.knows(metadataKeyOf(prefix)));
    this.datasets = new Set(described.length === 1 && this.prefixes.length > 1 ? described : []);
  }

  /** What is left behind a name that is shown apart; nothing for one that is not. */
  passedBy(rest: NameRange, name: Uint8Array): NameRange | undefined {
    for (const prefix of this.prefixes) {
      if (compareStart(name, prefix) !== 0) continue;
      if (!this.datasets.has(prefix)) return rest.behind(prefix);
      return this.isElsewhere(prefix, name) ? rest.after(name) : undefined;
    }
    return undefined;
  }

  /** How many of a dataset's names are those of models after all. */
  modelsAmong(datasetPrefix: Uint8Array, names: NameRange): number {
    const prefix = [...this.datasets].find((claimed) => compareBytes(claimed, datasetPrefix) === 0);
    if (prefix === undefined) return 0;
    let models = 0;
    for (const name of names.names()) if (this.isElsewhere(prefix, name)) models += names.only(name).count;
    return models;
  }

  /** The key of each shard that has the name. */
  keysOf(name: Uint8Array): Uint8Array[] {
    return this.prefixes
      .map((prefix) => joinBytes([prefix, name]))
      .filter((key) => NameRange.all(this.names).only(key).count > 0);
  }

  /**
   * Names of models behind the prefixes of shards, each run of each shard as a run of its own. What is a dataset's under its prefix
   * is left out with that prefix: models are under the others as well.
   */
  get models(): SortedNames {
    const { names } = this;
    return {
      complete: names.complete,
      knows: (name) => this.prefixes.some((prefix) => names.knows(joinBytes([prefix, name]))),
      runs: this.prefixes
        .filter((prefix) => !this.datasets.has(prefix))
        .flatMap((prefix) => names.runs.map((run) => shardModels(run, prefix).models)),
    };
  }

  /** How many keys of models and of leftovers there are, counted once in each run that has them. */
  count(): { readonly models: number; readonly leftovers: number } {
    let models = 0;
    let leftovers = 0;
    for (const prefix of this.prefixes) {
      if (this.datasets.has(prefix)) {
        for (const [key] of this.keysOfShard(prefix, NameRange.all(this.names))) {
          if (isLeftover(key)) leftovers++;
          else models++;
        }
        continue;
      }
      for (const run of this.names.runs) {
        const found = shardModels(run, prefix);
        models += found.models.count;
        leftovers += found.leftovers;
      }
    }
    return { models, leftovers };
  }

  /** All keys of models and leftovers behind a key. */
  *keys(after: Uint8Array | undefined): Generator<Uint8Array> {
    for (const [key] of this.keysBehind(after)) yield key;
  }

  /** What runs of models have left, shard by shard, behind a key; with the names behind it, and its own without prefix. */
  *leftovers(after?: Uint8Array): Generator<readonly [key: Uint8Array, rest: NameRange, name: Uint8Array]> {
    for (const found of this.keysBehind(after)) if (isLeftover(found[0])) yield found;
  }

  private *keysBehind(
    after: Uint8Array | undefined,
  ): Generator<readonly [key: Uint8Array, rest: NameRange, name: Uint8Array]> {
    const all = NameRange.all(this.names);
    const begin = after === undefined ? all : all.after(after);
    for (const prefix of this.prefixes) yield* this.keysOfShard(prefix, begin);
  }

  private *keysOfShard(
    prefix: Uint8Array,
    begin: NameRange,
  ): Generator<readonly [key: Uint8Array, rest: NameRange, name: Uint8Array]> {
    let rest = begin.below(prefix);
    for (let key = rest.first; key !== undefined; key = rest.first) {
      rest = rest.behindFirst;
      if (!this.datasets.has(prefix) || this.isElsewhere(prefix, key))
        yield [key, rest, key.subarray(prefix.length)];
    }
  }

  private isElsewhere(prefix: Uint8Array, key: Uint8Array): boolean {
    const name = key.subarray(prefix.length);
    return this.prefixes.some((other) => other !== prefix && this.names.knows(joinBytes([other, name])));
  }
}
