import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Value } from '../model/fact.ts';
import type { Ledger, LedgerRecord } from '../model/ledger.ts';
import { type ErrorCode, VigilError } from './errors.ts';

/** Questions by their names, each with what is asked and what is answered; all of it is JSON. */
export type Questions<Q> = { readonly [name in keyof Q]: { readonly asked: unknown; readonly answer: unknown } };

/** Whoever knows the answers: this process, or one that is asked. */
export interface Knowing<Q extends Questions<Q>> {
  /** @throws VigilError when nobody knows */
  ask<N extends keyof Q>(question: N, asked: Q[N]['asked']): Promise<Q[N]['answer']>;
}

/** What is asked about between processes on one store. */
export interface Matter {
  /** The kind under which a question lies in the ledger, and then its answer, until whoever asked has read it. */
  readonly kind: string;
  /** That nobody answers. */
  readonly nobody: ErrorCode;
}

/** How long it is waited for somebody to take a question up, and then for the answer. */
const PATIENCE_MILLIS = 5_000;
const LONG_MILLIS = 600_000;
/** Questions of one process that wait at once. */
const MOST = 64;
/** What lies for longer was asked by a process that is gone. */
const LOST_MILLIS = 60_000 + LONG_MILLIS;
const PAGE = 500;

type Inquiry = {
  readonly question: string;
  readonly asked: Value;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether somebody works on it. */
  readonly taken: boolean;
  readonly answer?: Value;
  readonly error?: { readonly code: ErrorCode; readonly context: { readonly [name: string]: string | number } };
};

/** Asks, through the store, the process that knows. */
export class Inquirer<Q extends Questions<Q>> implements Knowing<Q> {
  readonly #ledger: Ledger;
  readonly #matter: Matter;
  readonly #waiting = new Map<string, (record: LedgerRecord) => void>();

  constructor(ledger: Ledger, matter: Matter) {
    this.#ledger = ledger;
    this.#matter = matter;
  }

  /** Begins to listen for answers; `ended` settles when following ends. */
  open(): { readonly ended: Promise<void> } {
    const ended = async (): Promise<void> => {
      for await (const event of this.#ledger.follow()) {
        if (event.kind !== 'written') continue;
        for (const record of event.records) {
          if (record.kind === this.#matter.kind && record.value !== null) this.#waiting.get(record.id)?.(record);
        }
      }
    };
    return { ended: ended() };
  }

  async ask<N extends keyof Q>(question: N, asked: Q[N]['asked']): Promise<Q[N]['answer']> {
    if (this.#waiting.size >= MOST) throw new VigilError('overloaded');
    const { kind, nobody } = this.#matter;
    const id = randomUUID();
    const answered = this.#answerTo(id);
    const inquiry = { question: String(question), asked: asked as Value, at: Date.now(), taken: false };
    try {
      await this.#ledger.write([{ kind, id, seen: 0, value: inquiry }]);
      await answered.come;
    } finally {
      answered.stop();
    }
    const record = await this.#ledger.get(kind, id);
    if (record === null) throw new VigilError(nobody);
    await this.#ledger.write([{ kind, id, seen: record.version, value: null }]);
    if (!isAnswered(record)) throw new VigilError(nobody);
    const { answer, error } = inquiryOf(record);
    if (error !== undefined) throw new VigilError(error.code, error.context);
    return answer as Q[N]['answer'];
  }

  /** Comes when a question is answered, or was waited for long enough. */
  #answerTo(id: string): { readonly come: Promise<void>; stop(): void } {
    let timer: NodeJS.Timeout | undefined;
    const come = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MILLIS);
      this.#waiting.set(id, (record) => {
        clearTimeout(timer);
        if (isAnswered(record)) resolve();
        else timer = setTimeout(resolve, inquiryOf(record).taken ? LONG_MILLIS : PATIENCE_MILLIS);
      });
    });
    return {
      come,
      stop: () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      },
    };
  }
}

/** Answers what other processes ask, as long as this process is the one to do so. */
export class Answerer<Q extends Questions<Q>> {
  readonly #ledger: Ledger;
  readonly #matter: Matter;
  readonly #knowing: Knowing<Q>;
  readonly #answers: () => boolean;
  readonly #log: Logger;

  constructor(ledger: Ledger, matter: Matter, knowing: Knowing<Q>, answers: () => boolean, log: Logger) {
    this.#ledger = ledger;
    this.#matter = matter;
    this.#knowing = knowing;
    this.#answers = answers;
    this.#log = log;
  }

  /** Begins to answer; `ended` settles when following ends. */
  async open(): Promise<{ readonly ended: Promise<void> }> {
    await this.#clear();
    const ended = async (): Promise<void> => {
      for await (const event of this.#ledger.follow()) {
        if (event.kind !== 'written') continue;
        for (const record of event.records) {
          if (record.kind !== this.#matter.kind || record.value === null || inquiryOf(record).taken) continue;
          void this.#answer(record).catch((error: unknown) => {
            this.#log.warn({ err: error }, 'an answer could not be given to another process');
          });
        }
      }
    };
    return { ended: ended() };
  }

  async #answer({ id, version, value }: LedgerRecord): Promise<void> {
    if (!this.#answers()) return;
    const inquiry = { ...(value as Inquiry), taken: true };
    // Of several only one can take it.
    const taken = await this.#write(id, version, inquiry);
    if (taken === null) return;
    const answer = await this.#knowing.ask(inquiry.question as keyof Q, inquiry.asked as never).then(
      (given) => ({ answer: given as Value }),
      (error: unknown) => {
        if (error instanceof VigilError) return { error: { code: error.code, context: error.context } };
        this.#log.error({ err: error, request: id }, 'a question of another process could not be answered');
        return { error: { code: 'internal' as const, context: { request: id } } };
      },
    );
    await this.#write(id, taken, { ...inquiry, ...answer });
  }

  /** The new version; null when the question is not as it was seen any more. */
  async #write(id: string, seen: number, value: Inquiry): Promise<number | null> {
    const written = await this.#ledger.write([{ kind: this.#matter.kind, id, seen, value }]);
    return written?.[0]?.version ?? null;
  }

  /** Removes what processes that are gone have asked. */
  async #clear(): Promise<void> {
    const { kind } = this.#matter;
    const records = await this.#ledger.list(kind, null, PAGE);
    const lost = records.filter((record) => inquiryOf(record).at < Date.now() - LOST_MILLIS);
    for (const { id, version } of lost) await this.#ledger.write([{ kind, id, seen: version, value: null }]);
  }
}

function inquiryOf({ value }: LedgerRecord): Inquiry {
  return value as Inquiry;
}

function isAnswered(record: LedgerRecord): boolean {
  const { answer, error } = inquiryOf(record);
  return answer !== undefined || error !== undefined;
}
