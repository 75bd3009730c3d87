import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { describeConfig } from '../../../src/config/describe.ts';
import { type SchemaNode, schemaNode } from '../../../src/config/json-schema.ts';
import { type LoadedConfig, loadConfig } from '../../../src/config/load.ts';
import { exampleOf, sampleConfig } from '../../../src/config/sample.ts';
import { CONFIG } from '../../../src/config/schema/config.ts';
import { OPENSTACK } from '../../../src/config/schema/openstack.ts';
import { SOURCE } from '../../../src/config/schema/sources.ts';
import { STORE } from '../../../src/config/schema/store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vigil-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function load(text: string): Promise<LoadedConfig> {
  writeFileSync(join(directory, 'vigil.yaml'), text);
  return loadConfig({ directory });
}

function namesOf(schema: SchemaNode): string[] {
  const variants = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items as SchemaNode])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => [name, ...namesOf(setting)]);
  return [...own, ...variants.flatMap(namesOf)];
}

describe('the sample', () => {
  it('is exactly the defaults', async () => {
    const defaults = await loadConfig({ directory });
    const sample = await load(sampleConfig());
    expect(sample.config).toEqual(defaults.config);
  });

  it('names every setting there is', () => {
    const sample = sampleConfig();
    for (const name of namesOf(schemaNode(CONFIG))) expect(sample).toMatch(new RegExp(`^ *#?(- )?${name}:`, 'm'));
  });

  it.each((schemaNode(SOURCE).anyOf ?? []).map((variant) => [variant.description, variant] as const))(
    'shows a source that is valid: %s',
    async (_, variant) => {
      const { config } = await load(stringify({ sources: [exampleOf(variant)] }));
      expect(config.sources).toEqual([exampleOf(variant)]);
    },
  );

  it.each((schemaNode(STORE).anyOf ?? []).map((variant) => [variant.description, variant] as const))(
    'shows a store that is valid: %s',
    async (_, variant) => {
      const { config } = await load(stringify({ store: exampleOf(variant) }));
      expect(config.store).toEqual(exampleOf(variant));
    },
  );

  it('shows a cloud that is valid in each way', async () => {
    const {
      cloud,
      clouds_yaml,
      auth,
      environment: _,
      ...rest
    } = exampleOf(schemaNode(OPENSTACK)) as Record<string, unknown>;
    await expect(load(stringify({ openstack: { ...rest, auth } }))).resolves.toBeDefined();
    await expect(load(stringify({ openstack: { ...rest, cloud, clouds_yaml } }))).resolves.toBeDefined();
    await expect(load(stringify({ openstack: { ...rest, environment: true } }))).resolves.toBeDefined();
  });
});

describe('the description of a configuration', () => {
  it('tells every value with its origin, secrets masked', async () => {
    const loaded = await load('store:\n  kind: redis\n  url: redis://u:geheim@h:1/0\n  password: geheim\n');
    const settings = describeConfig(loaded);
    expect(settings).toContainEqual({ path: 'store.url', value: 'redis://…@h:1/0', origin: 'vigil.yaml:3' });
    expect(settings).toContainEqual({ path: 'store.password', value: '…', origin: 'vigil.yaml:4' });
    expect(settings).toContainEqual({ path: 'sources[0].hosts', value: 20, origin: 'default' });
    expect(JSON.stringify(settings)).not.toContain('geheim');
  });
});
