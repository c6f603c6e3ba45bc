import { done, type Command } from '../workbench';

/** Shows further rows of a folder of the Keys view. */
export const loadMoreKeys: Command = async ({ keys }, target) => {
  const subject = keys.tree.subjectOf(target);
  if (subject?.kind === 'more') await keys.tree.more(subject.folder);
  return done;
};
