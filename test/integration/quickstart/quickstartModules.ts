import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../support/projectRoot';

/** The example's modules are plain JavaScript: what the tests use of them, typed. */
export interface Plate {
  readonly size: number;
  readonly timeStep: number;
  readonly step: number;
  temperature: Float64Array;
}

export interface HeatEquation {
  readonly createPlate: (options: { size?: number; alpha?: number; walls?: 'cold' | 'insulated' }) => Plate;
  readonly addHotSpot: (plate: Plate) => void;
  readonly advance: (plate: Plate, count: number) => void;
  readonly timeOf: (plate: Plate) => number;
}

export type Word = string | number | Buffer;
export type Reply = Buffer | number | null | Error | readonly Reply[];

export interface Link {
  command(...words: readonly Word[]): Promise<Reply>;
  transaction(commands: readonly (readonly Word[])[]): Promise<readonly Reply[]>;
  close(): void;
}

export interface OrchestratorLinkModule {
  readonly parseAddresses: (ssdb: string | undefined) => readonly object[];
  readonly connectOrchestrator: (environment: Readonly<Record<string, string>>) => Promise<Link>;
  readonly encodeCommand: (words: readonly Word[]) => Buffer;
  readonly readReply: (
    bytes: Buffer,
    at: number,
  ) => { readonly value: Reply; readonly end: number } | undefined;
}

export interface Frames {
  readonly keysOf: (entity: string) => (name: string) => string;
  readonly frameCommands: (
    key: (name: string) => string,
    frame: { step: number; time: number; size: number; temperature: Float64Array },
  ) => readonly (readonly Word[])[];
  readonly readFrame: (tensor: readonly (Word | readonly number[])[], facts: readonly Word[]) => Frame;
}

export interface Frame {
  readonly step: number;
  readonly time: number;
  readonly shape: readonly number[];
  readonly temperature: Float64Array;
}

export const quickstartDirectory = path.join(projectRoot, 'examples/quickstart');

export async function loadHeatEquation(): Promise<HeatEquation> {
  return (await load('heatEquation.mjs')) as HeatEquation;
}

export async function loadOrchestratorLink(): Promise<OrchestratorLinkModule> {
  return (await load('orchestratorLink.mjs')) as OrchestratorLinkModule;
}

export async function loadFrames(): Promise<Frames> {
  return (await load('frames.mjs')) as Frames;
}

async function load(file: string): Promise<unknown> {
  return import(pathToFileURL(path.join(quickstartDirectory, file)).href);
}
