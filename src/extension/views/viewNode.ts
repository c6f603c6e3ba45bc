import type { DocumentPath } from '../../core/base/problem';

/** What a node stands for, so that a command can act on it. */
export type Subject =
  | { readonly kind: 'experiment'; readonly file: string }
  | { readonly kind: 'run'; readonly file: string; readonly runId: string }
  | {
      readonly kind: 'orchestrator';
      readonly file: string;
      readonly runId: string;
      readonly name: string;
      readonly at: DocumentPath;
    }
  | {
      readonly kind: 'shard';
      readonly file: string;
      readonly runId: string;
      readonly name: string;
      readonly at: DocumentPath;
    }
  | {
      readonly kind: 'model';
      readonly file: string;
      readonly runId: string;
      readonly name: string;
      readonly at: DocumentPath;
    }
  /** One that this window knows; `id` is that of its target. */
  | { readonly kind: 'database'; readonly id: string }
  | { readonly kind: 'group'; readonly name: 'simulationModels' | 'otherDatabases' };

/** What can be done with a node now; menus ask for these words, never for names of states. */
export type Capability =
  | 'canLaunch'
  | 'canTakeOver'
  | 'canStop'
  | 'canRestart'
  | 'canRepair'
  | 'hasOutput'
  | 'canConnect'
  | 'canDisconnect'
  | 'canForget'
  | 'canUnlock'
  | 'canLock'
  | 'hasAddress'
  | 'hasKeys'
  | 'inFile';

/** A theme icon, and the theme colour that it takes. */
export interface NodeIcon {
  readonly name: string;
  readonly color?: string;
}

/** How a row of a side bar view looks: plain data, computed without VS Code, compared, and shown. */
export interface RowLook {
  /** The same for the same thing whatever its state, so that expansion and selection survive. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Lines of plain text. */
  readonly tooltip: readonly string[];
  readonly icon: NodeIcon;
  /** What a screen reader says: the icon's meaning in words. */
  readonly spoken: string;
}

/** A row with all rows below it. */
export interface ViewNode extends RowLook {
  readonly subject: Subject;
  readonly capabilities: readonly Capability[];
  /** Whether it starts expanded; what the user did later stays. */
  readonly expanded: boolean;
  readonly children: readonly ViewNode[];
}

/** The value that menus test: `model;hasOutput;inFile`. */
export function contextValueOf({ subject, capabilities }: ViewNode): string {
  return [subject.kind, ...capabilities].join(';');
}

/** Joins the parts of a description that are there. */
export function described(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
