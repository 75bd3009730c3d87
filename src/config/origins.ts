import { formatPath, type Path } from './json-schema.ts';

/** Where each value came from: `vigil.yaml:12`, `VIGIL_LISTEN__PORT`, `--port`, `default`. */
export class Origins {
  readonly #origins = new Map<string, string>();

  set(path: Path, origin: string): void {
    this.#origins.set(formatPath(path), origin);
  }

  /** Of a value, else of what was given in it, else of the nearest group around it that was given somewhere. */
  of(path: Path): string {
    const within = this.#origins.get(formatPath(path)) ?? this.#originIn(path);
    if (within !== undefined) return within;
    for (let length = path.length; length > 0; length--) {
      const origin = this.#origins.get(formatPath(path.slice(0, length)));
      if (origin !== undefined) return origin;
    }
    return DEFAULT_ORIGIN;
  }

  #originIn(path: Path): string | undefined {
    const group = formatPath(path);
    if (group === '') return undefined;
    for (const [given, origin] of this.#origins)
      if (given.startsWith(group) && /^[.[]/.test(given.slice(group.length))) return origin;
    return undefined;
  }
}

export const DEFAULT_ORIGIN = 'default';
