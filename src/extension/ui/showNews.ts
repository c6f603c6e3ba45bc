import * as vscode from 'vscode';
import type { Run } from '../../core/run/run';
import { commandId } from '../contributions';
import { viewsThatShow, type News } from '../notices/newsOf';
import { experimentLabel } from '../state/experimentLabel';
import { messageText } from '../wording/problemWords';
import type { Wording } from '../wording/wording';

interface Action {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** Shows news of a run as a notification, with what can be done about them. */
export function showNews(news: News, run: Run, { t }: Wording): void {
  const actions = [...actionsFor(news, run, t), action(t('Show'), `${viewsThatShow(news)[0]}.focus`)];
  const show = news.kind === 'lost' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  void show(textOf(news, run, t), ...actions.map(({ title }) => title)).then((chosen) => {
    const found = actions.find(({ title }) => title === chosen);
    if (found !== undefined) void vscode.commands.executeCommand(found.command, ...found.arguments);
  });
}

function textOf(news: News, { record }: Run, t: Wording['t']): string {
  const experiment = experimentLabel(record.file);
  switch (news.kind) {
    case 'lost':
      return t(
        'The supervisor of {experiment} was killed. Its processes still run, and nobody watches them.',
        {
          experiment,
        },
      );
    case 'launchFailed':
      return t('The launch of {experiment} failed. {cause}', {
        experiment,
        cause: messageText(news.cause, t),
      });
    case 'failed': {
      const [first, ...others] = news.entities;
      const what =
        first.cause === undefined
          ? t('{entity} failed.', { entity: first.subject.name })
          : messageText(first.cause, t);
      const more = others.length === 0 ? '' : ` ${t('({count} more failed.)', { count: others.length })}`;
      return `${experiment}: ${what}${more}`;
    }
  }
}

function actionsFor(news: News, run: Run, t: Wording['t']): readonly Action[] {
  const subject = { kind: 'experiment', file: run.record.file } as const;
  switch (news.kind) {
    case 'lost':
      return [
        action(t('Take Over'), commandId.takeOver, subject),
        action(t('Stop'), commandId.stopExperiment, subject),
      ];
    case 'launchFailed':
      return [];
    case 'failed': {
      const [first] = news.entities;
      const restart = first.subject.kind === 'shard' ? commandId.restartShard : commandId.restartModel;
      return [
        ...(run.live ? [action(t('Restart'), restart, first.subject)] : []),
        ...(first.hasOutput ? [action(t('Open Output'), commandId.openOutput, first.subject)] : []),
      ];
    }
  }
}

function action(title: string, command: string, ...args: readonly unknown[]): Action {
  return { title, command, arguments: args };
}
