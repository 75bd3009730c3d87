import { describe, expect, test } from 'vitest';
import { createSimulatedCloud, type Emission } from '../../sim/index.ts';

const OPTIONS = { seed: 7, hosts: 10, instances: 60, operationsPerSecond: 20 };

function texts(emissions: Iterable<Emission>): string[] {
  return [...emissions].map((emission) => JSON.stringify(emission));
}

describe('a simulated cloud', () => {
  test('lives the same life twice from the same seed, to the byte', () => {
    const one = createSimulatedCloud(OPTIONS);
    const two = createSimulatedCloud(OPTIONS);
    expect([...one.generate(2000)].map(String)).toEqual([...two.generate(2000)].map(String));
    expect(one.truth()).toEqual(two.truth());
  });

  test('lives another life from another seed', () => {
    const one = createSimulatedCloud(OPTIONS);
    const two = createSimulatedCloud({ ...OPTIONS, seed: 8 });
    expect(texts(one.emissions(100))).not.toEqual(texts(two.emissions(100)));
  });

  test('gives exactly as many messages as asked for, none twice and none left out between two calls', () => {
    const whole = [...createSimulatedCloud(OPTIONS).emissions(500)].map((emission) => emission.messageId);
    const cloud = createSimulatedCloud(OPTIONS);
    const parts = [...cloud.emissions(123), ...cloud.emissions(377)].map((emission) => emission.messageId);
    expect(parts).toEqual(whole);
    expect(new Set(parts).size).toBe(500);
  });

  test('stands still until it is moved on', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    const before = cloud.now();
    expect(cloud.now()).toBe(before);
    cloud.advance(2.5);
    expect(cloud.now()).toBe(before + 2500);
  });

  test('has no instance with anything under way once it is settled', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    cloud.advance(60);
    expect(cloud.truth().instances.some((instance) => instance.task_state !== null)).toBe(true);
    cloud.settle();
    expect(cloud.truth().instances.filter((instance) => instance.task_state !== null)).toEqual([]);
  });

  test('keeps about the number of instances it began with', () => {
    const cloud = createSimulatedCloud(OPTIONS);
    cloud.advance(300);
    const alive = cloud.truth().instances.filter((instance) => !instance.deleted).length;
    expect(alive).toBeGreaterThan(50);
    expect(alive).toBeLessThan(70);
  });

  test('refuses options that make no sense, naming the option and what it may be', () => {
    expect(() => createSimulatedCloud({ hosts: 0 })).toThrow(/hosts is 0; it must be a whole number from 1 to/);
    expect(() => createSimulatedCloud({ hosts: 1, instances: 5000 })).toThrow(/finds no room on 1 hosts/);
  });
});
