import { formatPath, type Path } from './json-schema.ts';

/** Where each value came from: `vigil.yaml:12`, `VIGIL_LISTEN__PORT`, `--port`, `default`. */
export class Origins {
  readonly #origins = new Map<string, string>();

  set(path: Path, origin: string): void {
    this.#origins.set(formatPath(path), origin);
  }

  /** Of a value, or of the nearest group around it that was given somewhere. */
  of(path: Path): string {
    for (let length = path.length; length > 0; length--) {
      const origin = this.#origins.get(formatPath(path.slice(0, length)));
      if (origin !== undefined) return origin;
    }
    return DEFAULT_ORIGIN;
  }
}

export const DEFAULT_ORIGIN = 'default';
