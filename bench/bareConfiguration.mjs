/**
 * The configuration of a shard of a plan, for a server that is started without a run: the same, but that the AI engine is
 * loaded from where it is installed, since there is no copy of it.
 */
export function bareConfiguration({ engine }, { configuration }) {
  return engine === undefined ? configuration.text : configuration.text.replaceAll(engine.copy, engine.from);
}
