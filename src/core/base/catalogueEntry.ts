/** One known failure: its texts, with `{name}` for what differs from case to case. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  /** What, where and why. */
  readonly message: string;
  /** What to do next. */
  readonly remedy?: string;
}
