import { InvalidArgumentError } from 'commander';

/** A count given on the command line. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
}

/** An option that may be given several times. */
export function collected(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
