import type { Clock } from '../../clock.ts';
import type { ElementKey } from '../../element.ts';
import type { Cause, Fact, Value } from '../../fact.ts';
import type { Registers } from '../../held.ts';
import { makeRevision, type Revision } from '../../revision.ts';
import type { Change } from '../../store.ts';

/** One message's clock and cause, written once for all its facts: clock, event, id, publisher, time. */
type Statement = readonly [Clock, string, string, string, number];
/** Register, index of its statement, value (left out when unchanged). */
type FactRow = readonly [string, number] | readonly [string, number, Value];

/** An element as it is kept: its last revision's parts, statements, facts. */
export type ElementRow = readonly [epoch: number, seq: number, statements: Statement[], facts: FactRow[]];
/** The changes of one commit, numbered upwards from the record's key: element, previous, facts each. */
export type LogRow = readonly [
  statements: Statement[],
  changes: (readonly [ElementKey, string, FactRow[]])[],
  checkpoint: number,
];

/** Collects the statements that facts refer to, each once. */
class Statements {
  readonly rows: Statement[] = [];
  readonly #index = new Map<Clock, number>();

  row(register: string, { clock, cause, value }: Pick<Fact, 'clock' | 'cause' | 'value'>): FactRow {
    let index = this.#index.get(clock);
    if (index === undefined) {
      index = this.rows.push([clock, cause.event, cause.id, cause.publisher, cause.time]) - 1;
      this.#index.set(clock, index);
    }
    return value === undefined ? [register, index] : [register, index, value];
  }
}

export function encodeElement(epoch: number, seq: number, registers: Registers): ElementRow {
  const statements = new Statements();
  const rows: FactRow[] = [];
  for (const [register, held] of registers) rows.push(statements.row(register, held));
  return [epoch, seq, statements.rows, rows];
}

export function encodeLog(changes: readonly Change[], checkpoint: number): LogRow {
  const statements = new Statements();
  const rows = changes.map(
    ({ element, previous, facts }) =>
      [element, previous ?? '', facts.map((fact) => statements.row(fact.register, fact))] as const,
  );
  return [statements.rows, rows, checkpoint];
}

export function decodeElement(element: ElementKey, row: ElementRow): Fact[] {
  return decodeFacts(element, row[3], row[2], new Map());
}

export function decodeLog(epoch: number, first: number, row: LogRow): Change[] {
  const causes = new Map<number, Cause>();
  return row[1].map(([element, previous, facts], i) => ({
    revision: makeRevision(epoch, first + i),
    element,
    facts: decodeFacts(element, facts, row[0], causes),
    previous: previous === '' ? null : (previous as Revision),
  }));
}

function decodeFacts(
  element: ElementKey,
  rows: readonly FactRow[],
  statements: readonly Statement[],
  causes: Map<number, Cause>,
): Fact[] {
  return rows.map(([register, index, value]) => {
    const statement = statements[index];
    if (statement === undefined) throw new RangeError(`damaged record of ${element}: no statement ${index}`);
    const [clock, event, id, publisher, time] = statement;
    let cause = causes.get(index);
    if (cause === undefined) {
      cause = { event, id, publisher, time };
      causes.set(index, cause);
    }
    return { element, register, clock, value, cause };
  });
}
