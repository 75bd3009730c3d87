/** One option of a file of oslo.config; given several times it has several values. */
export interface IniOption {
  readonly section: string;
  readonly name: string;
  readonly values: readonly string[];
  /** Where it stands first, from 1. */
  readonly line: number;
}

/** Where options stand that no section comes before. */
const FIRST_SECTION = 'DEFAULT';

/**
 * The options of a configuration file as OpenStack services write them: sections, `name = value`, comments, and values that
 * go on in lines that are moved in.
 * @throws Error that names the line which is none of these
 */
export function parseIni(text: string): IniOption[] {
  const options = new Map<string, { section: string; name: string; values: string[]; line: number }>();
  let section = FIRST_SECTION;
  let last: string[] | null = null;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trimEnd();
    if (line.trim() === '' || /^\s*[#;]/.test(line)) continue;
    if (/^\s/.test(line) && last !== null) {
      last.push(`${last.pop() ?? ''}\n${line.trim()}`);
      continue;
    }
    const heading = /^\[([^\]]+)\]$/.exec(line.trim());
    if (heading?.[1] !== undefined) {
      section = heading[1].trim();
      last = null;
      continue;
    }
    const [, name, value] = /^\s*([^=:\s][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`line ${i + 1} is neither a section nor an option`);
    const key = `${section}\0${name}`;
    const option = options.get(key) ?? { section, name, values: [], line: i + 1 };
    option.values.push(unquoted(value));
    options.set(key, option);
    last = option.values;
  }
  return [...options.values()];
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}
