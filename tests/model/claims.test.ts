import { describe, expect, it } from 'vitest';
import { claimOf } from '../../model/claims.ts';
import { claimedOn } from '../../model/host.ts';
import type { Instance } from '../../model/instance.ts';
import type { View } from '../../model/view.ts';
import { cloudOf, type InstanceTold } from '../strategies/cloud.ts';

const FLAVOR = { vcpus: 4, memory_mb: 512, root_gb: 20, ephemeral_gb: 5, swap_mb: 1_025 };

function claim(told: InstanceTold): Record<string, number> {
  const instance = cloudOf({ instances: { i: told } }).instance('i') as Instance;
  return Object.fromEntries(claimOf(instance));
}

describe('what an instance claims in placement', () => {
  it('is what its flavor says, with swap in whole GiB', () => {
    expect(claim({ flavor: FLAVOR })).toEqual({ VCPU: 4, MEMORY_MB: 512, DISK_GB: 27 });
  });

  it('has no root disk when it boots from a volume', () => {
    expect(claim({ flavor: FLAVOR, identity: { image_id: null } })).toEqual({ VCPU: 4, MEMORY_MB: 512, DISK_GB: 7 });
    const diskless = { ...FLAVOR, ephemeral_gb: 0, swap_mb: 0 };
    expect(claim({ flavor: diskless, identity: { image_id: null } })).toEqual({ VCPU: 4, MEMORY_MB: 512 });
  });

  it('is PCPU for CPUs of its own, and what the extra specs say instead of the flavor', () => {
    expect(claim({ flavor: { ...FLAVOR, extra_specs: { 'hw:cpu_policy': 'dedicated' } } })).toMatchObject({ PCPU: 4 });
    const extra_specs = {
      'resources:VCPU': '0',
      'resources:CUSTOM_GOLD': '2',
      'resources:MEMORY_MB': 'much',
      'resources1:VGPU': '1',
    };
    expect(claim({ flavor: { ...FLAVOR, extra_specs } })).toEqual({ MEMORY_MB: 512, DISK_GB: 27, CUSTOM_GOLD: 2 });
  });

  it('is nothing while the flavor is not known', () => {
    expect(claim({ flavor: null })).toEqual({});
  });
});

describe('a what-if', () => {
  const own = { instances: 1, vcpus: 2, memory_mb: 1_024, disk_gb: 10 };
  const none = { instances: 0, vcpus: 0, memory_mb: 0, disk_gb: 0 };
  const told = {
    hosts: {
      here: { claims: { consumers: 1, resources: { VCPU: 2, MEMORY_MB: 1_024, DISK_GB: 10 } } },
      there: { claims: { consumers: 2, resources: { VCPU: 5, CUSTOM_GOLD: 1 } } },
    },
  };
  const claimed = (view: View, name: string): unknown => {
    const host = view.host(name);
    return host === undefined ? undefined : claimedOn(host);
  };

  it('moves what an instance claims with it, and leaves the model alone', () => {
    const model = cloudOf(told);
    const fork = model.fork();
    fork.move('i', 'there');
    expect(claimed(fork, 'here')).toEqual(none);
    expect(claimed(fork, 'there')).toEqual({ instances: 3, vcpus: 7, memory_mb: 1_024, disk_gb: 10 });
    expect(fork.host('there')?.nodes[0]?.claims?.resources.CUSTOM_GOLD).toBe(1);
    expect([...fork.hosts()].map((host) => claimedOn(host)?.vcpus).sort()).toEqual([0, 7]);
    expect(claimed(model, 'here')).toEqual(own);
    expect(claimed(model, 'there')).toMatchObject({ vcpus: 5 });
  });

  it('claims the same again when the instance comes back, also on a fork of the fork', () => {
    const fork = cloudOf(told).fork();
    fork.move('i', 'there');
    const branch = fork.fork();
    branch.move('i', 'here');
    expect(claimed(branch, 'here')).toEqual(own);
    expect(claimed(branch, 'there')).toMatchObject({ instances: 2, vcpus: 5 });
    expect(claimed(fork, 'here')).toEqual(none);
  });

  it('never claims less than nothing where placement has not told of the instance yet', () => {
    const fork = cloudOf({}).fork();
    fork.move('i', 'there');
    expect(claimed(fork, 'here')).toEqual(none);
  });

  it('leaves claims untold that nobody told of', () => {
    const fork = cloudOf({ hosts: { there: { claims: null } } }).fork();
    fork.move('i', 'there');
    expect(claimed(fork, 'there')).toBeNull();
    fork.move('i', 'nowhere');
    expect(claimed(fork, 'nowhere')).toBeNull();
  });
});
