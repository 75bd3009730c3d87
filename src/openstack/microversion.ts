/** A microversion of an OpenStack API, such as 2.100: the second number counts on, it is no fraction. */
export interface Microversion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `2.100`; null when the text is not of that form. */
export function parseMicroversion(text: unknown): Microversion | null {
  const match = typeof text === 'string' ? /^(\d{1,4})\.(\d{1,6})$/.exec(text) : null;
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

export function formatMicroversion({ major, minor }: Microversion): string {
  return `${major}.${minor}`;
}

/** Negative when a is before b, 0 when they are the same. */
export function compareMicroversions(a: Microversion, b: Microversion): number {
  return a.major - b.major || a.minor - b.minor;
}

export function lesserMicroversion(a: Microversion, b: Microversion): Microversion {
  return compareMicroversions(a, b) <= 0 ? a : b;
}
