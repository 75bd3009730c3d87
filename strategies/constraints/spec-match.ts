type Compare = (value: string, words: readonly string[]) => boolean;

const numbers =
  (holds: (a: number, b: number) => boolean): Compare =>
  (value, [word]) =>
    word !== undefined && holds(Number(value), Number(word));
const texts =
  (holds: (a: string, b: string) => boolean): Compare =>
  (value, [word]) =>
    word !== undefined && holds(value, word);

/** The operators an extra spec may begin with. Source: nova/scheduler/filters/extra_specs_ops.py. */
const OPERATORS: ReadonlyMap<string, Compare> = new Map([
  ['=', numbers((a, b) => a >= b)],
  ['==', numbers((a, b) => a === b)],
  ['!=', numbers((a, b) => a !== b)],
  ['>=', numbers((a, b) => a >= b)],
  ['<=', numbers((a, b) => a <= b)],
  ['s==', texts((a, b) => a === b)],
  ['s!=', texts((a, b) => a !== b)],
  ['s<', texts((a, b) => a < b)],
  ['s<=', texts((a, b) => a <= b)],
  ['s>', texts((a, b) => a > b)],
  ['s>=', texts((a, b) => a >= b)],
  ['<in>', texts((a, b) => a.includes(b))],
  ['<all-in>', (value, words) => words.length > 0 && words.every((word) => value.includes(word))],
  ['<or>', (value, words) => words.some((word, i) => i % 2 === 0 && word === value)],
]);

/** Whether a value is what an extra spec wants: `>= 4`, `<or> a <or> b`, or without an operator that very text. */
export function matches(value: string, wanted: string): boolean {
  const [operator, ...words] = wanted.split(/\s+/).filter((word) => word !== '');
  const compare = OPERATORS.get(operator ?? '');
  return compare === undefined ? value === wanted : compare(value, words);
}
