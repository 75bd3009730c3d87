/** What is said of a move: `forbids` for a rule of the cloud that it would break; a note is only told. */
interface ReasonKind {
  readonly forbids: boolean;
  /** `{name}` stands for a value of the finding. */
  readonly text: string;
}

/** Everything that can be said against a move, by a code that does not change. */
export const REASONS = {
  'instance-unknown': { forbids: true, text: 'No instance {instance} is known.' },
  unknown: { forbids: true, text: 'It is not known {what}, so nothing can be promised; a refresh may tell.' },
  'instance-unplaced': { forbids: true, text: 'The instance is on no host.' },
  'instance-locked': { forbids: true, text: 'The instance is locked{why}.' },
  'instance-state': { forbids: true, text: 'A {kind} migration is not possible in {state}; it is from {possible}.' },
  'migration-in-flight': { forbids: true, text: 'Its {type} {id} from {from} to {to} is under way ({status}).' },
  'metadata-forbids': { forbids: true, text: 'Its metadata say {key}={value}.' },
  'source-down': { forbids: true, text: 'The nova-compute of {host}, where it is, is down and cannot let it go.' },
  'needs-nova': { forbids: true, text: 'Only nova can tell whether it fits, because of {what}.' },
  'host-unknown': { forbids: true, text: 'No nova-compute service of host {host} is known.' },
  'same-host': { forbids: true, text: 'The instance is on {host} already.' },
  'host-forced-down': { forbids: true, text: 'The service of {host} was declared down.' },
  'host-down': { forbids: true, text: 'nova counts the service of {host} as down.' },
  'host-disabled': { forbids: true, text: 'The service of {host} is disabled{why}.' },
  'other-zone': { forbids: true, text: 'The instance was asked for in zone {pinned}, {host} is in {zone}.' },
  'other-hypervisor': { forbids: true, text: '{host} has a hypervisor of type {there}, the instance is on {here}.' },
  'tenant-isolation': { forbids: true, text: 'Aggregates keep {host} for other projects than {project}.' },
  'image-isolation': { forbids: true, text: 'Aggregates give {host} {key} {there}, the image has {value}.' },
  'trait-isolation': { forbids: true, text: 'Aggregates keep {host} for instances that require {trait}.' },
  'aggregate-extra-specs': {
    forbids: true,
    text: 'The flavor asks for {key} {value}, aggregates give {host} {there}.',
  },
  'trait-missing': { forbids: true, text: '{by} requires the trait {trait}, which {host} does not have.' },
  'trait-forbidden': { forbids: true, text: '{by} forbids the trait {trait}, which {host} has.' },
  'image-properties': { forbids: true, text: 'The image asks for {key} {value}, {host} has {there}.' },
  'hint-different-host': { forbids: true, text: 'It asked not to be where {instance} is, which is on {host}.' },
  'hint-same-host': { forbids: true, text: 'It asked to be where one of {instances} is; none is on {host}.' },
  'hint-force-hosts': { forbids: true, text: 'It asked to be on {hosts} only.' },
  'server-group-affinity': {
    forbids: true,
    text: 'Group {group} keeps its members together; {instance} is on {other}.',
  },
  'server-group-anti-affinity': {
    forbids: true,
    text: 'Group {group} lets {most} of its members be on a host; {host} has {count}.',
  },
  capacity: { forbids: true, text: 'It takes {amount} {resource}; {host} has {free} of {capacity} left.' },
  'soft-affinity': { forbids: false, text: 'Group {group} would rather keep its members together; none is on {host}.' },
  'soft-anti-affinity': {
    forbids: false,
    text: 'Group {group} would rather keep its members apart; {host} has {count}.',
  },
  'hints-untold': {
    forbids: false,
    text: 'Scheduler hints are not told by this nova (2.100 does); nova heeds them itself.',
  },
  'image-untold': {
    forbids: false,
    text: 'Image properties are not told by this nova (2.98 does); nova heeds them itself.',
  },
  'architecture-untold': { forbids: false, text: 'The image asks for {value}, {host} does not say its architecture.' },
} as const satisfies Record<string, ReasonKind>;

export type ReasonCode = keyof typeof REASONS;

/** What a rule found: the text is made of it only when somebody reads it. */
export interface Finding {
  readonly code: ReasonCode;
  readonly about: { readonly [name: string]: string | number };
}

/** A finding in words. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** What a rule returns that has nothing to say. */
export const NOTHING: readonly Finding[] = Object.freeze([]);

export function find(code: ReasonCode, about: Finding['about'] = {}): Finding {
  return { code, about };
}

export function forbids({ code }: Finding): boolean {
  return REASONS[code].forbids;
}

export function inWords({ code, about }: Finding): Reason {
  return { code, text: REASONS[code].text.replace(/\{(\w+)\}/g, (_, name: string) => String(about[name] ?? '')) };
}
