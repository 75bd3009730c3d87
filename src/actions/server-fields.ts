import { asFields, type Fields } from '../openstack/reading-client.ts';

/** A server's fields under the names the model has for them; null for what nova does not tell. */
export interface ServerFields {
  readonly host: string | null;
  readonly vmState: string | null;
  readonly taskState: string | null;
  readonly locked: boolean;
  readonly fault: string | null;
}

export function serverFields(server: Fields): ServerFields {
  return {
    host: textOf(server['OS-EXT-SRV-ATTR:host']),
    vmState: textOf(server['OS-EXT-STS:vm_state']),
    taskState: textOf(server['OS-EXT-STS:task_state']),
    locked: server.locked === true,
    fault: textOf(asFields(server.fault)?.message),
  };
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
