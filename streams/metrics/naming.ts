import type { ResourceKind } from '../../model/metrics/sample.ts';
import type { View } from '../../model/view.ts';
import type { Labels } from './measurement.ts';

/** The element that labels name, or why there is none. */
export type Named = { readonly resource: string } | 'unmapped' | 'ambiguous';

/** Which host or instance of the model a measurement is of. */
export interface Naming {
  find(labels: Labels, kind: ResourceKind): Named;
}

/** Labels that may name an element of a kind, the most telling first. */
const NAMING_LABELS: Readonly<Record<ResourceKind, readonly string[]>> = {
  instance: ['uuid', 'resource'],
  host: ['host', 'resource'],
};

/** Finds elements in the live model by what exporters call them. */
export class ModelNaming implements Naming {
  readonly #model: View;

  constructor(model: View) {
    this.#model = model;
  }

  find(labels: Labels, kind: ResourceKind): Named {
    for (const label of NAMING_LABELS[kind]) {
      const name = labels[label];
      if (name === undefined) continue;
      const found = kind === 'host' ? this.#model.host(name)?.name : this.#model.instance(name)?.uuid;
      if (found !== undefined) return { resource: found };
    }
    return 'unmapped';
  }
}
