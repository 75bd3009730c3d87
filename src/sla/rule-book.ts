import type { Rule } from '../../streams/sla/rule.ts';
import { VigilError } from '../errors.ts';
import { type Metrics, readRule } from './read-rule.ts';
import type { LedgerCopy } from './records.ts';
import type { RuleText } from './rule-schema.ts';

/** The kind under which rules made by the API lie in the ledger, by their names. */
export const SLA_RULE = 'sla_rule';

/** A rule in force, with where it comes from: a file or the configuration, which is read at the start, or the API. */
export interface BookedRule {
  readonly rule: Rule;
  readonly text: RuleText;
  readonly origin: string;
  /** Whether it can be changed over the API. */
  readonly changeable: boolean;
}

/** All rules in force: those of configuration and files, and those made by the API, which every process sees. */
export class RuleBook {
  readonly #fixed: ReadonlyMap<string, BookedRule>;
  readonly #records: LedgerCopy;
  readonly #metrics: Metrics;
  readonly #read = new Map<string, { readonly version: number; readonly booked: BookedRule }>();

  constructor(fixed: readonly BookedRule[], records: LedgerCopy, metrics: Metrics) {
    this.#fixed = new Map(fixed.map((booked) => [booked.rule.name, booked]));
    this.#records = records;
    this.#metrics = metrics;
  }

  /** Rules in the order of their names; one of the configuration hides one of the API of the same name. */
  all(): readonly BookedRule[] {
    const changeable: BookedRule[] = [];
    for (const [name, text] of this.#records.values<RuleText>(SLA_RULE)) {
      if (!this.#fixed.has(name)) changeable.push(this.#booked(name, text));
    }
    return [...this.#fixed.values(), ...changeable].sort((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
  }

  find(name: string): BookedRule | undefined {
    const fixed = this.#fixed.get(name);
    if (fixed !== undefined) return fixed;
    const text = this.#records.get<RuleText>(SLA_RULE, name);
    return text === undefined ? undefined : this.#booked(name, text);
  }

  /** @throws VigilError when there is none of the name */
  get(name: string): BookedRule {
    const found = this.find(name);
    if (found === undefined) throw new VigilError('rule-not-found', { name });
    return found;
  }

  /** Makes or (with `replace`) replaces a rule. @throws VigilError when it cannot be done so */
  async put(text: RuleText, replace: boolean): Promise<BookedRule> {
    await this.#records.change(() => {
      const there = this.find(text.name);
      if (there !== undefined && !there.changeable) this.#refuse(there);
      if (replace && there === undefined) throw new VigilError('rule-not-found', { name: text.name });
      if (!replace && there !== undefined) throw new VigilError('rule-exists', { name: text.name });
      return [{ kind: SLA_RULE, id: text.name, value: text as never }];
    });
    return this.get(text.name);
  }

  /** @throws VigilError when it cannot be done */
  async remove(name: string): Promise<void> {
    await this.#records.change(() => {
      const there = this.get(name);
      if (!there.changeable) this.#refuse(there);
      return [{ kind: SLA_RULE, id: name, value: null }];
    });
  }

  #refuse({ rule: { name }, origin }: BookedRule): never {
    throw new VigilError('rule-fixed', { name, origin });
  }

  /** The same rule object for the same text, so that what is held of its series stays. */
  #booked(name: string, text: RuleText): BookedRule {
    const version = this.#records.version(SLA_RULE, name);
    const known = this.#read.get(name);
    if (known?.version === version) return known.booked;
    const booked = { rule: readRule(text, this.#metrics), text, origin: 'API', changeable: true };
    this.#read.set(name, { version, booked });
    return booked;
  }
}
