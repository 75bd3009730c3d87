import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Value } from '../../model/fact.ts';
import type { Ledger, LedgerRecord } from '../../model/ledger.ts';
import { type ErrorCode, VigilError } from '../errors.ts';
import type { Knowing, Question, Questions } from './questions.ts';

/** The kind under which a question lies in the ledger, and then its answer, until whoever asked has read it. */
export const SLA_QUESTION = 'sla_question';

/** How long an answer is waited for. */
const PATIENCE_MILLIS = 5_000;
/** Questions of one process that wait at once. */
const MOST = 64;
/** What lies for longer was asked by a process that is gone. */
const LOST_MILLIS = 60_000;
const PAGE = 500;

type Inquiry = {
  readonly question: Question;
  readonly asked: Value;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly answer?: Value;
  readonly error?: { readonly code: ErrorCode; readonly context: { readonly [name: string]: string | number } };
};

/** Asks, through the store, the process that evaluates the rules. */
export class Inquirer implements Knowing {
  readonly #ledger: Ledger;
  readonly #waiting = new Map<string, (record: LedgerRecord) => void>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Begins to listen for answers; `ended` settles when following ends. */
  open(): { readonly ended: Promise<void> } {
    const ended = async (): Promise<void> => {
      for await (const event of this.#ledger.follow()) {
        if (event.kind !== 'written') continue;
        for (const record of event.records) {
          if (record.kind === SLA_QUESTION && isAnswered(record)) this.#waiting.get(record.id)?.(record);
        }
      }
    };
    return { ended: ended() };
  }

  async ask<Q extends Question>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']> {
    if (this.#waiting.size >= MOST) throw new VigilError('overloaded');
    const id = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<LedgerRecord | null>((resolve) => {
      this.#waiting.set(id, resolve);
      timer = setTimeout(resolve, PATIENCE_MILLIS, null);
    });
    const inquiry: Inquiry = { question, asked: asked as unknown as Value, at: Date.now() };
    await this.#ledger.write([{ kind: SLA_QUESTION, id, seen: 0, value: inquiry as unknown as Value }]);
    const record = (await answered) ?? (await this.#ledger.get(SLA_QUESTION, id));
    clearTimeout(timer);
    this.#waiting.delete(id);
    if (record === null) throw new VigilError('no-engine');
    await this.#ledger.write([{ kind: SLA_QUESTION, id, seen: record.version, value: null }]);
    if (!isAnswered(record)) throw new VigilError('no-engine');
    const { answer, error } = record.value as unknown as Inquiry;
    if (error !== undefined) throw new VigilError(error.code, error.context);
    return answer as unknown as Questions[Q]['answer'];
  }
}

/** Answers what other processes ask, as long as this process is the one that acts on the rules. */
export class Answerer {
  readonly #ledger: Ledger;
  readonly #knowing: Knowing;
  readonly #acts: () => boolean;
  readonly #log: Logger;

  constructor(ledger: Ledger, knowing: Knowing, acts: () => boolean, log: Logger) {
    this.#ledger = ledger;
    this.#knowing = knowing;
    this.#acts = acts;
    this.#log = log;
  }

  /** Begins to answer; `ended` settles when following ends. */
  async open(): Promise<{ readonly ended: Promise<void> }> {
    await this.#clear();
    const ended = async (): Promise<void> => {
      for await (const event of this.#ledger.follow()) {
        if (event.kind !== 'written') continue;
        for (const record of event.records) {
          if (record.kind === SLA_QUESTION && record.value !== null && !isAnswered(record)) await this.#answer(record);
        }
      }
    };
    return { ended: ended() };
  }

  async #answer({ id, version, value }: LedgerRecord): Promise<void> {
    if (!this.#acts()) return;
    const inquiry = value as unknown as Inquiry;
    const answer = await this.#knowing.ask(inquiry.question, inquiry.asked as never).then(
      (given) => ({ answer: given }),
      (error: unknown) => {
        if (error instanceof VigilError) return { error: { code: error.code, context: error.context } };
        this.#log.error({ err: error, question: inquiry.question }, 'a question about rules could not be answered');
        return null;
      },
    );
    if (answer === null) return;
    const answered = { ...inquiry, ...answer } as unknown as Value;
    await this.#ledger.write([{ kind: SLA_QUESTION, id, seen: version, value: answered }]);
  }

  /** Removes what processes that are gone have asked. */
  async #clear(): Promise<void> {
    const records = await this.#ledger.list(SLA_QUESTION, null, PAGE);
    const lost = records.filter(({ value }) => (value as unknown as Inquiry).at < Date.now() - LOST_MILLIS);
    for (const { id, version } of lost) {
      await this.#ledger.write([{ kind: SLA_QUESTION, id, seen: version, value: null }]);
    }
  }
}

function isAnswered({ value }: LedgerRecord): boolean {
  const { answer, error } = (value ?? {}) as unknown as Inquiry;
  return answer !== undefined || error !== undefined;
}
