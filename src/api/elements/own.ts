import type { ElementKind } from '../../../model/element.ts';
import type { Value } from '../../../model/fact.ts';
import type { Entity } from '../../../model/live-model.ts';
import { AGGREGATE_FIELDS } from './aggregate.ts';
import type { Field } from './field.ts';
import { HOST_FIELDS } from './host.ts';
import { INSTANCE_FIELDS } from './instance.ts';
import { SERVER_GROUP_FIELDS } from './server-group.ts';

/** An element as the stream of changes shows it: only what it holds itself, nothing derived from other elements. */
export type OwnRepresentation = { readonly [field: string]: Value };

interface OwnField {
  readonly name: string;
  readonly of: (element: Entity) => Value;
}

const OWN: { readonly [kind in ElementKind]: readonly OwnField[] } = {
  host: own(HOST_FIELDS),
  instance: own(INSTANCE_FIELDS),
  aggregate: own(AGGREGATE_FIELDS),
  server_group: own(SERVER_GROUP_FIELDS),
};

const NAMES: { readonly [kind in ElementKind]: readonly string[] } = {
  host: OWN.host.map(({ name }) => name),
  instance: OWN.instance.map(({ name }) => name),
  aggregate: OWN.aggregate.map(({ name }) => name),
  server_group: OWN.server_group.map(({ name }) => name),
};

export function ownFields(kind: ElementKind): readonly string[] {
  return NAMES[kind];
}

export function representOwn(kind: ElementKind, element: Entity): OwnRepresentation {
  const shown: Record<string, Value> = {};
  for (const { name, of } of OWN[kind]) shown[name] = of(element);
  return shown;
}

function own<E extends Entity>(fields: readonly Field<E>[]): readonly OwnField[] {
  const found: OwnField[] = [];
  for (const field of fields) {
    if ('of' in field) found.push({ name: field.name, of: (element) => field.of(element as E) });
  }
  return found;
}
