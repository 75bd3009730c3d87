/** What a list can be sorted by. */
export type SortValue = null | boolean | number | string;

/** Where an element stands in a list: its sort value, then its id, so that no two stand at the same place. */
export interface Position {
  readonly value: SortValue;
  readonly id: string;
}

export type Direction = 'asc' | 'desc';

/** Texts by code unit, numbers by size, what is unknown (null) after everything known; `desc` is the exact reverse. */
export function comparePositions(direction: Direction): (a: Position, b: Position) => number {
  const sign = direction === 'asc' ? 1 : -1;
  return (a, b) => sign * (compareValues(a.value, b.value) || compareTexts(a.id, b.id));
}

function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
