import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../src/api/routes/route.ts';
import { EVERYONE } from '../../src/identity/identity.ts';
import { sharedToken } from '../../src/identity/shared-token.ts';
import { startChromium } from '../services/chromium.ts';
import { access, testApi } from '../src/api/api.ts';
import { deleted, fact, hostFacts, instanceFacts, moved, type TestState, testState } from '../src/api/state.ts';
import { buildPage } from './build-page.ts';
import { BREACH, Loop, PLAN } from './loop-part.ts';

let browser: Browser;
let built: string;
let state: TestState;
let loop: Loop;
let api: Api;
let page: Page;
let address: string;
const problems: string[] = [];

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'vigil-page-'));
  await buildPage(built);
  browser = await startChromium();
});

afterAll(async () => {
  await browser.close();
  await rm(built, { recursive: true });
});

beforeEach(async () => {
  state = await testState();
  loop = new Loop();
  api = testApi(state, { page: built, parts: [loop] });
  await state.tell([...hostFacts('h1'), ...hostFacts('h2'), ...instanceFacts('a', 'h1', { name: 'web <1>' })]);
  address = await api.listen({ port: 0 });
  page = await browser.newPage();
  problems.length = 0;
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
});

afterEach(async () => {
  await page.close();
  await api.close();
  await state.close();
});

const tileOn = (host: string, uuid: string): string => `[data-host="${host}"] [data-uuid="${uuid}"]`;

describe('the description of the API', () => {
  it('is shown without anything from elsewhere', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${address}/docs/`);
    await page.getByText('/model/hosts/{name}/instances').waitFor();
    expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith('data:'))).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('the page', () => {
  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(address);
    await page.waitForSelector(tileOn('h1', 'a'));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  it('shows an instance move from host to host as it happens', async () => {
    await page.goto(address);
    await page.waitForSelector(tileOn('h1', 'a'));
    await page.locator('#sync', { hasText: /^synced$/ }).waitFor();
    await state.tell([moved('a', 'h2')]);
    await page.waitForSelector(tileOn('h2', 'a'));
    expect(await page.locator(tileOn('h1', 'a')).count()).toBe(0);
    expect(await page.textContent('#changes li')).toContain('web <1>: moved h1 → h2');
    expect(await page.textContent('#instance-count')).toBe('1');
    expect(problems).toEqual([]);
  });

  it('shows what appears, changes state and goes', async () => {
    await page.goto(address);
    await state.tell(instanceFacts('b', 'h2', { state: 'building' }));
    await page.waitForSelector(`${tileOn('h2', 'b')}.building`);
    await state.tell([fact('instance/b', 'state', { vm_state: 'error', task_state: null })]);
    await page.waitForSelector(`${tileOn('h2', 'b')}.error`);
    await state.tell([deleted('b')]);
    await page.waitForSelector(tileOn('h2', 'b'), { state: 'detached' });
    expect(problems).toEqual([]);
  });

  it('catches up by itself when the service was away', async () => {
    await page.goto(address);
    await page.waitForSelector(tileOn('h1', 'a'));
    const { port } = new URL(address);
    await api.close();
    await page.waitForSelector('#sync.bad');
    await state.tell([moved('a', 'h2'), ...instanceFacts('c', 'h1')]);
    api = testApi(state, { page: built, parts: [loop] });
    await api.listen({ port: Number(port) });
    await page.waitForSelector(tileOn('h2', 'a'));
    await page.waitForSelector(tileOn('h1', 'c'));
    await page.waitForSelector('#sync.good');
    expect(await page.locator('[data-uuid="a"]').count()).toBe(1);
  });

  it('opens with the token as password', async () => {
    await api.close();
    api = testApi(state, { page: built, parts: [loop], access: access(sharedToken('0123456789abcdef')) });
    address = await api.listen({ port: 0 });
    const context = await browser.newContext({ httpCredentials: { username: 'any', password: '0123456789abcdef' } });
    const own = await context.newPage();
    await own.goto(address);
    await own.waitForSelector(tileOn('h1', 'a'));
    await own.waitForSelector('#sync.good');
    await context.close();
  });

  it('has tiles only where they are near the visible part, however many hosts there are', async () => {
    const hosts = Array.from({ length: 500 }, (_, i) => `compute-${i}`);
    await state.tell(hosts.flatMap(hostFacts));
    await state.tell(
      hosts.flatMap((host) => Array.from({ length: 40 }, (_, i) => instanceFacts(`${host}-${i}`, host)).flat()),
    );
    await page.goto(address);
    await page.locator('#instance-count', { hasText: /^20001$/ }).waitFor();
    await page.waitForSelector(tileOn('compute-0', 'compute-0-0'));
    expect(await page.locator('.host').count()).toBe(502);
    const tiles = await page.locator('#hosts .tile').count();
    expect(tiles).toBeGreaterThan(40);
    expect(tiles).toBeLessThan(8_000);
    const last = page.locator('[data-host="compute-499"]');
    await last.scrollIntoViewIfNeeded();
    await last.locator('[data-uuid="compute-499-39"]').waitFor();
    await page.fill('#filter', 'compute-49');
    expect(await page.locator('.host:visible').count()).toBe(11);
    expect(problems).toEqual([]);
  });
});

describe('the loop on the page', () => {
  it('is told from the breach to the recovery, and the breached instance is marked', async () => {
    loop.incidents = [BREACH];
    await page.goto(address);
    await page.waitForSelector(`${tileOn('h1', 'a')}.breached`);
    const story = page.locator('.story');
    expect(await story.locator('h3').textContent()).toContain('steal breached');
    expect(await story.locator('.breaches').textContent()).toContain('web <1>: 20');
    loop.plans = [{ ...PLAN, state: 'ONGOING' }];
    loop.happen();
    await story.locator('.actions').getByText('move loud: h1 → h2').waitFor();
    expect(await story.locator('.actions small').textContent()).toBe('it takes <b>the CPU</b>');
    const ended = BREACH.opened_at + 25;
    loop.plans = [{ ...PLAN, state: 'SUCCEEDED' }];
    loop.incidents = [{ ...BREACH, ended_at: ended, end_reason: 'recovered' }];
    loop.happen();
    await story.getByText('web <1>: 20, recovered after 25 s').waitFor();
    expect(await story.locator('.steps .done').allTextContents()).toEqual(['breach', 'plan', 'action', 'recovered']);
    await page.waitForSelector('.tile.breached', { state: 'detached' });
    expect(await page.locator('.story').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('follows events: while no timer of the page goes off it is told all the same', async () => {
    await page.clock.install();
    await page.goto(address);
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await loop.followed();
    loop.plans = [PLAN];
    loop.happen();
    await page.locator('.story .state.recommended').waitFor();
  });

  it('waits for a person where a plan is only proposed', async () => {
    loop.plans = [PLAN];
    await page.goto(address);
    await page.getByRole('button', { name: 'Carry it out' }).click();
    await page.locator('.story .state.ongoing').waitFor();
    expect(loop.started).toEqual(['p1']);
    expect(await page.getByRole('button', { name: 'Carry it out' }).count()).toBe(0);
  });

  it('is stopped and let go on by the switch', async () => {
    await page.goto(address);
    await page.getByText('acts by itself').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('#automation', { hasText: 'paused' }).waitFor();
    expect(loop.paused).toBe(true);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('acts by itself').waitFor();
    expect(loop.paused).toBe(false);
  });

  it('is not there for who may not see it', async () => {
    await api.close();
    const member = { user: 'u', project: 'project-1', roles: ['member'] };
    const authenticator = { identify: () => member, challenges: [], asksEverybody: false, hostNames: null };
    const policy = { 'model:read': ['member'] };
    api = testApi(state, { page: built, parts: [loop], access: access(authenticator, policy) });
    address = await api.listen({ port: 0 });
    loop.incidents = [BREACH];
    await page.goto(address);
    await page.waitForSelector(tileOn('h1', 'a'));
    await page.waitForSelector('#loop', { state: 'hidden' });
    expect(await page.locator('.tile.breached').count()).toBe(0);
  });

  it('asks for a token where keystone vouches, and shows what its owner may see', async () => {
    await api.close();
    const authenticator = {
      identify: ({ 'x-auth-token': token }: IncomingHttpHeaders) => (token === 'good' ? EVERYONE : null),
      challenges: ['Keystone uri="http://keystone"'],
      asksEverybody: false,
      hostNames: null,
    };
    api = testApi(state, { page: built, parts: [loop], access: access(authenticator) });
    address = await api.listen({ port: 0 });
    await page.goto(address);
    await page.fill('#token', 'good');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.waitForSelector(tileOn('h1', 'a'));
    await page.waitForSelector('#sync.good');
    expect(await page.locator('#login').isVisible()).toBe(false);
  });
});
