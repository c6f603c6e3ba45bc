/** A field of a reply, which has names and values in turn. */
export function fieldOf(reply: unknown, name: string): unknown {
  if (!Array.isArray(reply)) return undefined;
  const words: readonly unknown[] = reply;
  const at = words.findIndex((word, index) => index % 2 === 0 && replyText(word) === name);
  return at < 0 ? undefined : words[at + 1];
}

export function replyText(reply: unknown): string {
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : String(reply);
}
