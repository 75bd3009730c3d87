import { Fault } from './fault.ts';
import { pythonText, pythonType, pythonValue } from './python-text.ts';
import { isUuid } from './uuid.ts';

/** What a query argument may be. */
export type ArgumentType = 'text' | 'integer' | 'uuid';

export type Arguments<A extends { readonly [name: string]: ArgumentType }> = {
  readonly [N in keyof A]: (A[N] extends 'integer' ? number : string) | null;
};

/** Reads a query; what is not given is null. Throws Fault for what is not known or does not fit. */
export function readArguments<A extends { readonly [name: string]: ArgumentType }>(
  query: unknown,
  known: A,
): Arguments<A> {
  const given = query as { readonly [name: string]: string | readonly string[] };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) throw new Fault('unknown-argument', { name });
  }
  const entries = Object.entries(known).map(([name, type]) => [
    name,
    Object.hasOwn(given, name) ? readArgument(name, type, given[name]) : null,
  ]);
  return Object.fromEntries(entries) as Arguments<A>;
}

function readArgument(name: string, type: ArgumentType, value: unknown): string | number {
  switch (type) {
    case 'integer':
      return readInteger(name, value);
    case 'uuid':
      return readUuid(name, value);
    case 'text':
      if (typeof value !== 'string')
        throw invalid(name, value, `Wrong type. Expected 'str', got '${pythonType(value)}'`);
      return value;
  }
}

/** An integer of at most 15 digits, as text. */
export function readInteger(name: string, value: unknown): number {
  if (typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value)) return Number(value);
  const problem =
    typeof value === 'string'
      ? `invalid literal for int() with base 10: ${pythonText(value)}`
      : `int() argument must be a string, a bytes-like object or a real number, not '${pythonType(value)}'`;
  throw invalid(name, value, `unable to convert to int. Error: ${problem}`);
}

export function readUuid(name: string, value: unknown): string {
  if (typeof value === 'string' && isUuid(value)) return value.toLowerCase();
  throw invalid(name, value, `unable to convert to uuid. Error: Expected a uuid but received ${pythonValue(value)}`);
}

export function invalid(field: string, value: unknown, problem: string): Fault {
  return new Fault('invalid-input', { field, value: pythonValue(value), problem });
}
