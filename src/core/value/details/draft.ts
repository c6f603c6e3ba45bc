import { RedisFailure, RedisRefusal } from '../../redis/redisFailure';
import type { Reply } from '../../redis/wire/reply';
import { isRefused, keyAccess, missingRight } from '../refusal';
import {
  detailQuestions,
  firstQuestions,
  probeQuestions,
  type OpenDetails,
  type Question,
} from './detailQuestions';
import type { KeyDetails } from './keyDetails';

type Answers = readonly (Reply | RedisFailure)[];

const none: readonly never[] = [];

/** Details of one key that are being put together. There are many: facts go from the answers into the result itself. */
export class Draft {
  private readonly details: OpenDetails;
  /** To be asked now, together. */
  questions: readonly Question[] = firstQuestions;
  /** The kind was another when a later question came. */
  changed = false;

  constructor(readonly key: Uint8Array) {
    this.details = { key, kind: 'unknown', missing: none };
  }

  /** Takes the answers to its questions, which begin at `from`. */
  take(replies: Answers, from: number): void {
    const { details, questions } = this;
    if (questions === probeQuestions) {
      this.questions = this.probed(replies.slice(from, from + questions.length));
      return;
    }
    const next = this.learnt(replies, from);
    if (details.kind === 'gone') this.questions = none;
    else if (questions !== firstQuestions) this.questions = next;
    // Where the kind is not told, the right question to each kind is answered by its own alone.
    else if (details.missing.includes('TYPE')) this.questions = probeQuestions;
    else this.questions = detailQuestions(details.kind, this.key);
  }

  finished(): KeyDetails {
    const { key, details } = this;
    if (details.kind === 'gone') return { key, kind: 'gone', missing: none };
    if (this.changed)
      return { key, kind: 'unknown', missing: none, refusal: 'its kind changes all the time' };
    // Without the key's own right nothing else was told either.
    if (details.missing.includes(keyAccess)) details.missing = [keyAccess];
    return details;
  }

  private learnt(replies: Answers, from: number): readonly Question[] {
    const { details, questions } = this;
    let next: readonly Question[] = none;
    for (let at = 0; at < questions.length; at += 1) {
      const question = questions[at];
      if (question === undefined) break;
      const reply = replies[from + at] ?? null;
      if (reply instanceof RedisFailure) this.note(question.command, reply);
      else {
        const further = question.learn(reply, details);
        if (further !== undefined) next = [...next, further];
      }
    }
    return next;
  }

  /** One of the kinds answers otherwise than that the key holds another; all of them of a key that is not there. */
  private probed(replies: Answers): readonly Question[] {
    const answering = probeQuestions.filter((_, at) => !(replies[at] instanceof RedisFailure));
    const open = replies.filter((reply) => reply instanceof RedisRefusal && !isRefused(reply, 'otherKind'));
    if (open.some((reply) => reply instanceof RedisRefusal && missingRight(reply, '') === keyAccess)) {
      this.miss(keyAccess);
      return none;
    }
    const [only] = answering;
    if (only === undefined) return none;
    this.details.kind = answering.length > 1 ? 'gone' : (only.kind ?? 'unknown');
    return detailQuestions(this.details.kind, this.key);
  }

  /** A fact that was not told: a right is missing, or whatever the server said. */
  private note(command: string, failure: RedisFailure): void {
    const { details } = this;
    if (isRefused(failure, 'gone')) details.kind = 'gone';
    else if (isRefused(failure, 'otherKind')) this.changed = true;
    else if (isRefused(failure, 'right')) this.miss(missingRight(failure, command));
    else details.refusal ??= failure.message;
  }

  private miss(right: string): void {
    const { details } = this;
    if (!details.missing.includes(right)) details.missing = [...details.missing, right];
  }
}
