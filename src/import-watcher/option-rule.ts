/** What becomes of one option of watcher.conf. */
export type Conversion =
  /** Settings of Vigil that do the same, by path; `but` says what of the option was left. */
  | { readonly to: Readonly<Record<string, unknown>>; readonly but?: string }
  /** Nothing is to be set: Vigil does as the option says anyway, or needs nothing of the kind. */
  | { readonly same: string }
  /** Somebody has to look at it. */
  | { readonly left: string };

export interface OptionRule {
  /** `section.option`; a `*` stands for any section or option. */
  readonly option: string;
  readonly convert: (value: string, options: WatcherOptions) => Conversion;
}

/** The options of a watcher.conf, by `section.option`. */
export type WatcherOptions = ReadonlyMap<string, string>;

export const direct = (option: string, path: string, read: (text: string) => unknown = (text) => text): OptionRule => ({
  option,
  convert: (value) => ({ to: { [path]: read(value) } }),
});
export const same = (option: string, text: string): OptionRule => ({ option, convert: () => ({ same: text }) });
export const left = (option: string, text: string): OptionRule => ({ option, convert: () => ({ left: text }) });

export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export function isTrue(text: string): boolean {
  return /^(true|1|yes|on)$/i.test(text.trim());
}
