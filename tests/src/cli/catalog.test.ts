import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { catalogCommand } from '../../../src/cli/commands/catalog.ts';
import { FakeKeystone } from '../registration/fake-keystone.ts';

let keystone: FakeKeystone;
let written: string[];

beforeEach(async () => {
  keystone = await FakeKeystone.start();
  for (const [name, value] of Object.entries(keystone.environment)) vi.stubEnv(name, value);
  vi.stubEnv('OS_CLOUD', '');
  const write = (text: string): void => void written.push(text);
  vi.spyOn(console, 'log').mockImplementation(write);
  vi.spyOn(console, 'error').mockImplementation(write);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await keystone.stop();
});

async function run(...args: readonly string[]): Promise<string> {
  written = [];
  await catalogCommand().parseAsync(args, { from: 'user' });
  return written.join('\n');
}

const REGISTER = ['register', 'http://vigil:9322/v1/', '--interface', 'public', 'internal'];

it('says what would be done, and does nothing, until it is told to', async () => {
  expect(await run(...REGISTER)).toBe(
    [
      'would create the service watcher of the type infra-optim',
      'would create the public endpoint in one: http://vigil:9322',
      'would create the internal endpoint in one: http://vigil:9322',
      'nothing was done: add --yes to do it',
    ].join('\n'),
  );
  expect(keystone.written()).toEqual([]);
});

it('registers, and has nothing to do the second time', async () => {
  await run(...REGISTER, '--yes');
  expect(keystone.services).toEqual([expect.objectContaining({ type: 'infra-optim', name: 'watcher', enabled: true })]);
  expect(keystone.endpoints).toEqual(
    ['public', 'internal'].map((face) =>
      expect.objectContaining({
        ...{ service_id: 'service-1', interface: face, region_id: 'one', url: 'http://vigil:9322' },
      }),
    ),
  );
  expect(await run(...REGISTER, '--yes')).toBe('the catalogue says so already');
});

it('takes the place of a Watcher under the name it has', async () => {
  keystone.services.push({ id: 's', type: 'infra-optim', name: 'optimizer', enabled: true });
  const there = { service_id: 's', region_id: 'one', url: 'http://watcher:9322', enabled: true };
  keystone.endpoints.push({ ...there, id: 'p', interface: 'public' }, { ...there, id: 'i', interface: 'internal' });
  expect(await run(...REGISTER, '--yes')).toContain('http://watcher:9322 -> http://vigil:9322');
  expect(keystone.written()).toEqual(['PATCH /v3/endpoints/p', 'PATCH /v3/endpoints/i']);
  const shown = JSON.parse(await run('show', '-f', 'json')) as unknown[];
  expect(shown).toHaveLength(2);
  expect(shown[0]).toMatchObject({ service: 'optimizer', interface: 'public', url: 'http://vigil:9322' });
});

it('asks for the region where there are several, and refuses what clients could not follow', async () => {
  keystone.regions.push({ id: 'two' });
  await expect(run(...REGISTER)).rejects.toThrow('say in which region, with --region: there are one, two');
  await expect(run('register', 'vigil:9322')).rejects.toThrow('vigil:9322 is no address');
  keystone.services.push({ id: 'a', type: 'infra-optim', name: 'x' }, { id: 'b', type: 'infra-optim', name: 'y' });
  await expect(run('show')).rejects.toThrow('2 services of the type infra-optim: a (x), b (y); delete all but one');
});
