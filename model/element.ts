/** What the model is made of: hosts (nova compute services), instances (servers), aggregates and server groups. */
export const ELEMENT_KINDS = ['host', 'instance', 'aggregate', 'server_group'] as const;

export type ElementKind = (typeof ELEMENT_KINDS)[number];

/** The name of an element everywhere: `kind/id`. The id is a host name for hosts and a uuid for everything else. */
export type ElementKey = `${ElementKind}/${string}`;

/** Longest id accepted from outside; nova's host and node columns hold 255 characters, uuids 36. */
export const MAX_ID_LENGTH = 255;

export function elementKey(kind: ElementKind, id: string): ElementKey {
  return `${kind}/${id}`;
}

export function elementKind(key: ElementKey): ElementKind {
  return key.slice(0, key.indexOf('/')) as ElementKind;
}

export function elementId(key: ElementKey): string {
  return key.slice(key.indexOf('/') + 1);
}
