import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { loadConfig } from '../src/config/load.ts';
import { run } from '../src/run.ts';
import { decodeHere } from '../streams/ingest.ts';
import { eventually } from './end-to-end/vigil.ts';

/** A Vigil in this process, with a fresh store. */
export interface OwnVigil {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Vigil with a configuration, on a free port unless it names one, and waits until its model is complete; its store
 * goes when it is stopped.
 */
export async function ownVigil(config: object): Promise<OwnVigil> {
  const directory = await mkdtemp(join(tmpdir(), 'vigil-own-'));
  const store = { kind: 'embedded', path: join(directory, 'data') };
  await writeFile(join(directory, 'vigil.yaml'), stringify({ listen: { port: 0 }, store, ...config }));
  const { config: checked } = await loadConfig({ directory });
  const failed = (error: unknown): never => {
    throw error;
  };
  const running = await run(checked, {
    log: pino({ level: 'silent' }),
    fail: failed,
    abandoned: new AbortController().signal,
    decoder: decodeHere,
  });
  const stop = async (): Promise<void> => {
    await running.stop();
    await rm(directory, { recursive: true });
  };
  try {
    // An audit tells in its status message when the model it was made of was not complete yet.
    await eventually(
      () => fetch(`${running.address}/readyz`),
      ({ ok }) => ok,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: running.address, stop };
}
