import type { Cloud, Request } from '../cloud.ts';
import type { Instance } from '../state/types.ts';
import { exceptionPayload, type Fault } from '../wire/common.ts';

/** What goes wrong in hypervisors. */
export const FAULTS = {
  spawn: {
    module: 'nova.virt.libvirt.guest',
    function: 'launch',
    exception: 'NovaException',
    message: 'internal error: qemu unexpectedly closed the monitor',
  },
  preLiveMigration: {
    module: 'nova.virt.libvirt.driver',
    function: 'pre_live_migration',
    exception: 'MigrationPreCheckError',
    message: 'Migration pre-check error: CPU feature is missing on the destination',
  },
  finishMigration: {
    module: 'nova.virt.libvirt.driver',
    function: 'finish_migration',
    exception: 'ResizeError',
    message: 'Resize error: unable to import the disk',
  },
  rebuild: {
    module: 'nova.virt.libvirt.driver',
    function: 'spawn',
    exception: 'InstanceDeployFailure',
    message: 'Unable to attach the root disk',
  },
} as const satisfies Readonly<Record<string, Fault>>;

/** `compute.exception` of a compute service. */
export function notifyException(cloud: Cloud, request: Request, host: string, fault: Fault): void {
  cloud.emit(request, 'compute.exception', `nova-compute:${host}`, exceptionPayload(fault), 'ERROR');
}

/** What the API shows as the server's fault. */
export function setFault(cloud: Cloud, instance: Instance, fault: Fault): void {
  instance.fault = { code: 500, message: fault.message, created: cloud.second };
}
