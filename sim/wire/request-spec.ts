import { isoSecond } from '../clock/time.ts';
import type { Flavor, Image, InstanceRow, ServerGroup } from '../state/types.ts';
import { exceptionPayload, type Fault, flavorPayload, serverGroupPayload } from './common.ts';
import { type Json, pyJson, pyString, pyText, versionedObject } from './python-json.ts';

/** Where the scheduler is asked to put it. Only what is set is told. */
export interface Destination {
  readonly host?: string;
  readonly node?: string;
  readonly cell?: boolean;
  readonly aggregates: readonly string[] | null;
}

/** What the scheduler is asked. */
export interface RequestSpec {
  readonly row: InstanceRow;
  readonly flavor: Flavor;
  readonly zone: string | null;
  readonly group: ServerGroup | null;
  /** The hosts of the group's members, which the scheduler fills in. */
  readonly groupHosts: readonly string[];
  readonly ignoreHosts: readonly string[] | null;
  readonly destination: Destination | null;
  readonly cellUuid: string;
}

const NULL = 'null';

const destinationPayload = (spec: RequestSpec, destination: Destination): string => {
  const data: string[] = [];
  if (destination.host !== undefined) data.push(`"host": ${pyString(destination.host)}`);
  if (destination.node !== undefined) data.push(`"node": ${pyString(destination.node)}`);
  if (destination.cell === true) data.push(`"cell": ${cellMapping(spec)}`);
  data.push(`"aggregates": ${pyJson(destination.aggregates)}`);
  return (
    '{"nova_object.name": "DestinationPayload", "nova_object.namespace": "nova", "nova_object.version": "1.0", ' +
    `"nova_object.data": {${data.join(', ')}}}`
  );
};

const cellMapping = versionedObject<RequestSpec>('CellMappingPayload', '2.0', [
  ['uuid', (s) => pyString(s.cellUuid)],
  ['name', '"cell1"'],
  ['disabled', 'false'],
]);

const imageProps = versionedObject<Image>('ImageMetaPropsPayload', '1.20', []);
const emptyProps = imageProps({ id: '', name: '', properties: {} });

const writeImage = versionedObject<Image>('ImageMetaPayload', '1.0', [
  ['id', (i) => pyString(i.id)],
  ['name', (i) => pyString(i.name)],
  ['status', '"active"'],
  ['visibility', NULL],
  ['protected', NULL],
  ['checksum', (i) => pyString(i.id.replaceAll('-', ''))],
  ['owner', NULL],
  ['size', '65536'],
  ['virtual_size', NULL],
  ['container_format', '"bare"'],
  ['disk_format', '"raw"'],
  ['created_at', () => `"${isoSecond(1_790_000_000)}"`],
  ['updated_at', () => `"${isoSecond(1_790_000_001)}"`],
  ['tags', NULL],
  ['direct_url', NULL],
  ['min_ram', '0'],
  ['min_disk', '0'],
  [
    'properties',
    (i) => {
      const entries = Object.entries(i.properties);
      if (entries.length === 0) return emptyProps;
      return `${emptyProps.slice(0, -2)}${pyJson(Object.fromEntries(entries) as Json).slice(1)}}`;
    },
  ],
]);

const images = new WeakMap<Image, string>();

/** The image's payload; a server that boots from a volume has one of which nothing is known. */
function imagePayload(image: Image | null): string {
  if (image === null) return 'null';
  let text = images.get(image);
  if (text === undefined) {
    text = writeImage(image);
    images.set(image, text);
  }
  return text;
}

const pciRequests = versionedObject<RequestSpec>('InstancePCIRequestsPayload', '1.0', [
  ['instance_uuid', (s) => pyString(s.row.uuid)],
  ['requests', '[]'],
]);

/** The payload of `scheduler.select_destinations.*`. */
export const requestSpecPayload = versionedObject<RequestSpec>('RequestSpecPayload', '1.1', [
  ['instance_uuid', (s) => pyString(s.row.uuid)],
  ['project_id', (s) => pyString(s.row.actor.projectId)],
  ['user_id', (s) => pyString(s.row.actor.userId)],
  ['availability_zone', (s) => pyText(s.zone)],
  ['flavor', (s) => flavorPayload(s.flavor)],
  ['force_hosts', NULL],
  ['force_nodes', NULL],
  ['ignore_hosts', (s) => pyJson(s.ignoreHosts)],
  ['instance_group', (s) => (s.group === null ? 'null' : serverGroupPayload({ group: s.group, hosts: s.groupHosts }))],
  ['image', (s) => imagePayload(s.row.image)],
  ['numa_topology', NULL],
  ['pci_requests', pciRequests],
  ['num_instances', '1'],
  ['requested_destination', (s) => (s.destination === null ? 'null' : destinationPayload(s, s.destination))],
  ['retry', NULL],
  ['scheduler_hints', (s) => (s.group === null ? '{}' : pyJson({ group: [s.group.uuid] }))],
  ['security_groups', '["default"]'],
]);

/** What `compute_task.*.error` tells. */
export interface TaskError {
  readonly spec: RequestSpec;
  readonly state: string;
  readonly reason: Fault;
}

/** The payload of `compute_task.*.error`. */
export const computeTaskPayload = versionedObject<TaskError>('ComputeTaskPayload', '1.0', [
  ['instance_uuid', (e) => pyString(e.spec.row.uuid)],
  ['request_spec', (e) => requestSpecPayload(e.spec)],
  ['state', (e) => pyString(e.state)],
  ['reason', (e) => exceptionPayload(e.reason)],
]);
