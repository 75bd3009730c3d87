import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import { ApiClient } from '../../../src/client/api-client.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { examine } from '../../../src/doctor/examine.ts';
import type { Finding } from '../../../src/doctor/finding.ts';

/** Port 9 of this machine, on which nobody listens. */
const NOBODY = 'http://127.0.0.1:9';

let directory: string;
let servers: Server[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vigil-doctor-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

async function look(config: object, url = NOBODY): Promise<Finding[]> {
  const store = { path: join(directory, 'deep/data') };
  writeFileSync(join(directory, 'vigil.yaml'), stringify({ store, sources: [{ kind: 'simulator' }], ...config }));
  const { config: checked } = await loadConfig({ directory });
  const noLogIn = async (): Promise<string> => '';
  return examine(checked, new ApiClient(url, {}, noLogIn));
}

async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const of = (findings: readonly Finding[], about: string): Pick<Finding, 'verdict' | 'text'>[] =>
  findings.filter((one) => one.about === about).map(({ verdict, text }) => ({ verdict, text }));

describe('examining a configuration', () => {
  it('says that nobody answers, and changes nothing', async () => {
    const findings = await look({});
    expect(of(findings, 'configuration')).toEqual([{ verdict: 'ok', text: 'valid' }]);
    expect(of(findings, 'service')).toMatchObject([matching({ verdict: 'warning', text: /no Vigil is running here/ })]);
    expect(of(findings, 'store')).toMatchObject([
      matching({ verdict: 'ok', text: /which is made at the first start/ }),
    ]);
    expect(existsSync(join(directory, 'deep'))).toBe(false);
  });

  it.each([
    [
      401,
      '{"error":{"code":"unauthenticated","message":"This address needs a token.","what_to_do":"Send it."}}',
      /needs a token/,
    ],
    [200, '<html>', /is no Vigil/],
  ])('tells what answers with %i and %s from nobody', async (status, body, text) => {
    const findings = await look({}, await answering(status, body));
    expect(of(findings, 'service')).toMatchObject([matching({ verdict: 'failure', text })]);
    expect(of(findings, 'store')).toEqual([]);
  });

  it('finds the store taken, or no directory', async () => {
    const path = join(directory, 'taken');
    const store = await openEmbeddedStore({ path });
    try {
      expect(of(await look({ store: { path } }), 'store')).toMatchObject([
        matching({ verdict: 'failure', text: /another process has it open/ }),
      ]);
    } finally {
      await store.close();
    }
    expect(of(await look({ store: { path } }), 'store')).toMatchObject([{ verdict: 'ok', text: `embedded (${path})` }]);
    expect(of(await look({ store: { path: join(directory, 'vigil.yaml') } }), 'store')).toMatchObject([
      matching({ verdict: 'failure', text: /is no directory/ }),
    ]);
  });

  it('looks whether recordings are there', async () => {
    const files = [join(directory, 'vigil.yaml'), join(directory, 'none.jsonl')];
    expect(of(await look({ sources: [{ kind: 'recording', files }] }), 'recording')).toMatchObject([
      { verdict: 'ok' },
      matching({ verdict: 'failure', text: /none.jsonl: there is no such file/ }),
    ]);
  });

  it('logs in where an OpenStack is configured', async () => {
    const auth = { auth_url: `${NOBODY}/v3`, username: 'u', password: 'p', project_name: 'p' };
    const [found] = of(await look({ openstack: { auth } }), 'openstack');
    expect(found).toMatchObject(matching({ verdict: 'failure', text: /127.0.0.1:9/ }));
  });
});

function matching({ verdict, text }: { verdict: string; text: RegExp }): object {
  return { verdict, text: expect.stringMatching(text) };
}
