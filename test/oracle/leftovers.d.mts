/** What counts as left; at least one of them. */
export interface Question {
  readonly runId?: string;
  readonly anyRun?: boolean;
  readonly below?: readonly string[];
  readonly pids?: readonly number[];
  readonly ports?: readonly number[];
}

export interface LeftoverProcess {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startTime: string;
  readonly argv: readonly string[];
  readonly directory?: string;
  readonly runId?: string;
  readonly entity?: string;
  readonly because: readonly ('run' | 'any-run' | 'below' | 'pid' | 'group')[];
  /** `tcp HOST:PORT`, `tcp6 [HOST]:PORT`, `unix PATH`. */
  readonly listens: readonly string[];
}

export interface Leftovers {
  readonly clean: boolean;
  readonly processes: readonly LeftoverProcess[];
  readonly ports: readonly {
    readonly address: string;
    readonly port: number;
    readonly pids: readonly number[];
  }[];
  readonly zombies: readonly {
    readonly pid: number;
    readonly name: string;
    readonly parent: number;
    readonly group: number;
  }[];
  /** Processes that do not let us look, and were not judged. */
  readonly unreadable: number;
}

export function leftovers(question: Question): Leftovers;

/** Faults of the checker itself; empty when a planted decoy was found and its end was seen. */
export function selfTest(): Promise<readonly string[]>;
