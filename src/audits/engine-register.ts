import type { Ledger, LedgerRecord } from '../../model/ledger.ts';

/** The kind under which engines say that they live. */
const ENGINE = 'engine';
const MOST_ENGINES = 1_000;

/** A part of Vigil that acts, in a process of its own or with others. */
export type Engine = {
  /** Counts engines in the order in which they were first seen. */
  readonly id: number;
  /** What it does, by the name that clients know. */
  readonly name: string;
  readonly host: string;
  /** In milliseconds since 1970, as the two below. */
  readonly createdAt: number;
  readonly lastSeen: number;
};

/** Which engines there are, in whatever process; each says every now and then that it lives. */
export class EngineRegister {
  readonly #ledger: Pick<Ledger, 'get' | 'list' | 'write'>;
  readonly #now: () => number;
  #engines: readonly Engine[] = [];

  constructor(ledger: Pick<Ledger, 'get' | 'list' | 'write'>, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
  }

  /** As last read, in the order of their numbers. */
  get engines(): readonly Engine[] {
    return this.#engines;
  }

  /** Says that engines of a host live. */
  async announce(names: readonly string[], host: string): Promise<void> {
    for (const name of names) await this.#announce(name, host);
    await this.read();
  }

  async read(): Promise<void> {
    const records = await this.#ledger.list(ENGINE, null, MOST_ENGINES);
    this.#engines = records.map(({ value }) => value as unknown as Engine).sort((a, b) => a.id - b.id);
  }

  /** When another process was faster, it has said the same. */
  async #announce(name: string, host: string): Promise<void> {
    const id = `${name}@${host}`;
    const known: LedgerRecord | null = await this.#ledger.get(ENGINE, id);
    const now = this.#now();
    const before = known?.value as Engine | undefined;
    if (before === undefined) await this.read();
    const number = before?.id ?? Math.max(0, ...this.#engines.map((engine) => engine.id)) + 1;
    const value: Engine = { id: number, name, host, createdAt: before?.createdAt ?? now, lastSeen: now };
    await this.#ledger.write([{ kind: ENGINE, id, seen: known?.version ?? 0, value }]);
    if (before === undefined) await this.read();
  }
}
