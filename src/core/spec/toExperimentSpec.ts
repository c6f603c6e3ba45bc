import path from 'node:path';
import type { DocumentPath } from '../base/problem';
import { dependenciesOf } from './dependencies';
import {
  interfacesOf,
  launchableEntries,
  orchestratorEntries,
  portOf,
  type LaunchableEntry,
  type OrchestratorEntry,
} from './entries';
import { nodeAt, type ExperimentDocument } from './experimentDocument';
import type { ArgumentMapSection, ExperimentFile, OrchestratorSection } from './experimentFile';
import type {
  AiSpec,
  ConfDirective,
  ExperimentSpec,
  ModelSpec,
  OrchestratorSpec,
  RunSettings,
  StagedFile,
} from './experimentSpec';
import { memoryBytes } from './memoryBytes';

/** The checked file as later stages want it: defaults filled in, paths absolute, values as text where text is passed on. */
export function toExperimentSpec(document: ExperimentDocument, file: ExperimentFile): ExperimentSpec {
  return new SpecMaker(document).experiment(file);
}

/** Our words for RedisAI's arguments. */
const aiSettings = [
  ['threads_per_queue', 'THREADS_PER_QUEUE'],
  ['inter_op_parallelism', 'INTER_OP_PARALLELISM'],
  ['intra_op_parallelism', 'INTRA_OP_PARALLELISM'],
] as const;

function aiOf(written: OrchestratorSection['ai']): AiSpec {
  if (typeof written === 'string') return { provider: written, settings: [] };
  return {
    provider: written?.provider ?? 'auto',
    settings: aiSettings.flatMap(([key, name]) => {
      const value = written?.[key];
      return value === undefined ? [] : [[name, value] as const];
    }),
  };
}

class SpecMaker {
  constructor(private readonly document: ExperimentDocument) {}

  experiment(file: ExperimentFile): ExperimentSpec {
    const directory = this.absolute(file.path ?? file.experiment);
    return {
      file: this.document.file,
      experiment: file.experiment,
      directory,
      launcher: file.launcher === 'auto' ? 'auto' : 'local',
      orchestrators: orchestratorEntries(file).map((entry) => this.orchestrator(entry)),
      models: launchableEntries(file).map((entry) => this.model(entry, directory)),
    };
  }

  private orchestrator({ path: at, identifier, section }: OrchestratorEntry): OrchestratorSpec {
    const maxMemory = section.max_memory === undefined ? undefined : memoryBytes(section.max_memory);
    return {
      at,
      identifier,
      engine: section.engine === 'redis' || section.engine === 'valkey' ? section.engine : 'auto',
      dbNodes: section.db_nodes ?? 1,
      port: portOf(section),
      networkInterfaces: interfacesOf(section),
      ...(section.unix_socket === undefined
        ? {}
        : {
            unixSocket: {
              path: this.absolute(section.unix_socket),
              permissions: String(section.socket_permissions ?? 700),
            },
          }),
      clientConfig: section.client_config ?? false,
      ai: aiOf(section.ai),
      ...(maxMemory === undefined ? {} : { maxMemory }),
      conf: Object.keys(section.conf ?? {}).map((name) => this.directive([...at, 'conf', name], name)),
    };
  }

  /** One text is split at white space; the server wants yes and no. */
  private directive(at: DocumentPath, name: string): ConfDirective {
    const node = nodeAt(this.document, at);
    if (node?.kind === 'sequence') {
      return { at, name, args: node.items.map((_, index) => this.directiveArgument([...at, index])) };
    }
    const text = this.directiveArgument(at);
    return { at, name, args: text.trim() === '' ? [''] : text.trim().split(/\s+/) };
  }

  private directiveArgument(at: DocumentPath): string {
    const node = nodeAt(this.document, at);
    if (node?.kind === 'scalar' && typeof node.value === 'boolean') return node.value ? 'yes' : 'no';
    return this.textAt(at);
  }

  private model(entry: LaunchableEntry, directory: string): ModelSpec {
    const { path: at, name, section } = entry;
    return {
      at,
      name,
      directory: section.path === undefined ? path.join(directory, name) : this.absolute(section.path),
      runSettings: this.runSettings([...at, 'run_settings'], section.run_settings),
      dependsOn: dependenciesOf(entry),
      incoming: section.incoming ?? [],
      enableKeyPrefixing: section.enable_key_prefixing ?? false,
      files: {
        toCopy: this.stagedFiles([...at, 'files', 'to_copy'], section.files?.to_copy),
        toSymlink: this.stagedFiles([...at, 'files', 'to_symlink'], section.files?.to_symlink),
      },
    };
  }

  private runSettings(at: DocumentPath, section: LaunchableEntry['section']['run_settings']): RunSettings {
    const command = section?.run_command;
    return {
      exe: section?.exe ?? '',
      exeArgs: this.exeArgs([...at, 'exe_args'], section?.exe_args),
      ...(command === undefined || command === 'auto' ? {} : { runCommand: command }),
      runArgs: this.runArgs([...at, 'run_args'], section?.run_args),
      envVars: Object.fromEntries(
        Object.keys(section?.env_vars ?? {}).map((name) => [name, this.textAt([...at, 'env_vars', name])]),
      ),
    };
  }

  /** SmartSim splits one text at white space, and so do we. */
  private exeArgs(at: DocumentPath, written: string | readonly unknown[] | undefined): readonly string[] {
    if (typeof written === 'string') return written.split(/\s+/).filter((word) => word !== '');
    return (written ?? []).map((_, index) => this.textAt([...at, index]));
  }

  private runArgs(at: DocumentPath, written: ArgumentMapSection | undefined): RunSettings['runArgs'] {
    return Object.entries(written ?? {}).map(([name, value]) => [
      name,
      value === null ? null : this.textAt([...at, name]),
    ]);
  }

  private stagedFiles(at: DocumentPath, written: readonly string[] | undefined): readonly StagedFile[] {
    return (written ?? []).map((file, index) => ({ at: [...at, index], path: this.absolute(file) }));
  }

  /** A scalar as it was written: `1.50` stays `1.50`. */
  private textAt(at: DocumentPath): string {
    const node = nodeAt(this.document, at);
    return node?.kind === 'scalar' ? node.source : '';
  }

  private absolute(written: string): string {
    return path.resolve(path.dirname(this.document.file), written);
  }
}
