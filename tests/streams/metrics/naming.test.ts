import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../model/fact.ts';
import { LiveModel } from '../../../model/live-model.ts';
import { ElementNames } from '../../../streams/metrics/element-names.ts';
import { ModelNaming } from '../../../streams/metrics/naming.ts';
import { deleted, fact, hostFacts, instanceFacts } from '../../src/api/state.ts';

const A = '8c2f0f5e-0d6b-4a6e-9a64-000000000001';
const B = '8c2f0f5e-0d6b-4a6e-9a64-000000000002';
const C = '8c2f0f5e-0d6b-4a6e-9a64-000000000003';

let revision = 0;

function cloud(facts: readonly Fact[]) {
  const model = new LiveModel();
  const names = new ElementNames();
  const tell = (more: readonly Fact[]): void => {
    revision += 1;
    for (const change of model.load(more, `1-${revision}`)) names.observe(change);
  };
  tell(facts);
  return { model, names, tell, naming: new ModelNaming(model, names) };
}

const inventory = (host: string, node: string): Fact =>
  fact(`host/${host}`, `inventory/${node}`, {
    uuid: node,
    vcpus: 1,
    memory_mb: 1,
    disk_gb: 1,
    hypervisor_type: 'QEMU',
  });

const HOSTS = [
  ...hostFacts('compute-1'),
  ...hostFacts('compute-2.example.org'),
  inventory('compute-1', 'kvm-7.example.org'),
];

describe('a host is found', () => {
  const { naming } = cloud(HOSTS);

  it.each([
    ['by its own name', { host: 'compute-1' }],
    ['by the address of an exporter on it', { instance: 'compute-1:9100' }],
    ['by a fully qualified name of it', { instance: 'compute-1.example.org:9100' }],
    ['in any case', { fqdn: 'COMPUTE-1.Example.Org' }],
    ['by its hypervisor’s name', { hypervisor_hostname: 'kvm-7.example.org' }],
    ['by its hypervisor’s short name', { instance: 'kvm-7:9100' }],
    ['as Ceilometer calls a hypervisor', { resource: 'compute-1_kvm-7.example.org' }],
    ['by a later label where an earlier one says nothing', { node: 'rack-3', instance: 'compute-1:9100' }],
  ])('%s', (_, labels) => {
    expect(naming.find(labels as never, 'host')).toEqual({ resource: 'compute-1' });
  });

  it('by a short name where the service has a long one', () => {
    expect(naming.find({ instance: 'compute-2:9100' }, 'host')).toEqual({ resource: 'compute-2.example.org' });
  });

  it('not by a name that nothing has', () => {
    expect(naming.find({ instance: '10.0.0.1:9100', job: 'node' }, 'host')).toBe('unmapped');
    expect(naming.find({}, 'host')).toBe('unmapped');
  });

  it('not by a short name that two have', () => {
    const two = cloud([...hostFacts('a.one.org'), ...hostFacts('a.two.org')]);
    expect(two.naming.find({ instance: 'a:9100' }, 'host')).toBe('ambiguous');
    expect(two.naming.find({ instance: 'a.two.org:9100' }, 'host')).toEqual({ resource: 'a.two.org' });
  });
});

describe('an instance is found', () => {
  const domain = (uuid: string, name: string): Fact => fact(`instance/${uuid}`, 'domain', name, 'GET /servers/detail');
  const facts = [
    ...HOSTS,
    ...[...instanceFacts(A, 'compute-1'), domain(A, 'instance-0000002a')],
    ...[...instanceFacts(B, 'compute-2.example.org'), domain(B, 'instance-0000002b')],
    // Of another cell, which counts for itself.
    ...[...instanceFacts(C, 'compute-2.example.org'), domain(C, 'instance-0000002a')],
  ];
  const { naming } = cloud(facts);

  it.each([
    ['by its uuid', { uuid: B }],
    ['by its uuid in capitals', { instance_id: B.toUpperCase() }],
    ['as Ceilometer calls a resource', { resource: B }],
    ['as Ceilometer calls a port of it', { resource_id: `instance-0000002b-${B}-tap0a1b2c3d` }],
    ['by the name of its libvirt domain', { domain: 'instance-0000002b', instance: 'anywhere:9177' }],
  ])('%s', (_, labels) => {
    expect(naming.find(labels as never, 'instance')).toEqual({ resource: B });
  });

  it('by its domain’s name and the host where two cells use the name', () => {
    const on = (instance: string) => naming.find({ domain: 'instance-0000002a', instance }, 'instance');
    expect(on('compute-1:9177')).toEqual({ resource: A });
    expect(on('compute-2:9177')).toEqual({ resource: C });
    expect(on('anywhere:9177')).toBe('ambiguous');
  });

  it('no longer once it is deleted, and again when the model is loaded anew', () => {
    const living = cloud(facts);
    living.tell([deleted(C)]);
    expect(living.naming.find({ domain: 'instance-0000002a' }, 'instance')).toEqual({ resource: A });
    expect(living.naming.find({ uuid: C }, 'instance')).toBe('unmapped');
    living.names.load(living.model);
    expect(living.naming.find({ domain: 'instance-0000002a' }, 'instance')).toEqual({ resource: A });
  });

  it('with its size', () => {
    expect(naming.vcpus(A)).toBe(2);
    expect(naming.vcpus('nobody')).toBeNull();
  });
});
