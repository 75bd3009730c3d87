import { afterEach, beforeEach } from 'vitest';
import type { ModelStore } from '../../../model/store.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import { EventReader } from './event-reader.ts';
import { hostFacts, instanceFacts, type TestState, testState } from './state.ts';

/** What a test of the stream of changes follows; `api` from {@link start} on. */
export let state: TestState;
export let api: Api;
let address: string;
const readers: EventReader[] = [];

/** Starts the API of the state, or of the state with another store. */
export async function start(
  limits: Parameters<typeof testApi>[1] = {},
  store: ModelStore = state.store,
): Promise<void> {
  api = testApi({ ...state, store }, limits);
  address = await api.listen({ port: 0 });
}

/** Ends the state and goes on with another: with its data when it is told where they are. */
export async function startOver(options: Parameters<typeof testState>[0] = {}): Promise<void> {
  await state.close(options.path !== undefined);
  state = await testState(options);
}

export async function read(query: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await EventReader.connect(address, `/model/changes${query}`, headers);
  readers.push(reader);
  return reader;
}

/** Where the API listens. */
export function listening(): { readonly port: number; readonly host: string } {
  const { port, hostname } = new URL(address);
  return { port: Number(port), host: hostname.replace(/[[\]]/g, '') };
}

beforeEach(async () => {
  state = await testState();
  await state.tell([...['h1', 'h2', 'h3', 'h4'].flatMap(hostFacts), ...instanceFacts('a', 'h1')]);
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await api.close();
  await state.close();
});
