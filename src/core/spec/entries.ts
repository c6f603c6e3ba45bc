import type { DocumentPath } from '../base/problem';
import type { EnsembleSection, ExperimentFile, ModelSection, OrchestratorSection } from './experimentFile';

/** An orchestrator of the file, wherever it is written. */
export interface OrchestratorEntry {
  readonly path: DocumentPath;
  readonly identifier: string;
  /** Where the identifier is written; absent: nowhere, it is the default. */
  readonly identifierPath?: DocumentPath;
  readonly section: OrchestratorSection;
}

/** A model or an ensemble of the file. */
export type LaunchableEntry = { readonly path: DocumentPath; readonly name: string } & (
  | { readonly kind: 'model'; readonly section: ModelSection }
  | { readonly kind: 'ensemble'; readonly section: EnsembleSection }
);

/** The identifier that stands for variables without a suffix. */
export const defaultIdentifier = 'orchestrator';

/** The port of an orchestrator, that of SmartSim where none is written. */
export function portOf({ port = 6379 }: OrchestratorSection): number | 'auto' {
  return port;
}

/** Names of the interfaces that an orchestrator listens at, each once. */
export function interfacesOf({ interface: names = 'lo' }: OrchestratorSection): readonly string[] {
  return [...new Set([names].flat())];
}

/** All orchestrators, `orchestrator` first. */
export function orchestratorEntries(file: ExperimentFile): readonly OrchestratorEntry[] {
  const several = Object.entries(file.orchestrators ?? {}).map(([identifier, section]) => {
    const path = ['orchestrators', identifier];
    return { path, identifier, identifierPath: path, section };
  });
  if (file.orchestrator === undefined) return several;
  const path = ['orchestrator'];
  const given = file.orchestrator.db_identifier;
  const single: OrchestratorEntry = {
    path,
    identifier: given ?? defaultIdentifier,
    ...(given === undefined ? {} : { identifierPath: [...path, 'db_identifier'] }),
    section: file.orchestrator,
  };
  return [single, ...several];
}

/** All models, then all ensembles. */
export function launchableEntries(file: ExperimentFile): readonly LaunchableEntry[] {
  return [
    ...Object.entries(file.models ?? {}).map(
      ([name, section]) => ({ kind: 'model', path: ['models', name], name, section }) as const,
    ),
    ...Object.entries(file.ensembles ?? {}).map(
      ([name, section]) => ({ kind: 'ensemble', path: ['ensembles', name], name, section }) as const,
    ),
  ];
}
