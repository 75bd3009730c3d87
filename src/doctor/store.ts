import type { StoreConfig } from '../config/schema/store.ts';
import { Ending } from '../ending.ts';
import { openStore } from '../stores.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

const ABOUT = 'store';
const PATIENCE_MILLIS = 10_000;

/** Whether the store can be opened and is safe, for when no running Vigil can be asked. */
export async function checkStore(config: StoreConfig, cloud: string): Promise<Finding[]> {
  let problem = 'it does not answer';
  const ending = new Ending();
  const waiting = new AbortController();
  const opening = openStore(config, {
    cloud,
    simulated: false,
    onProblem: (text) => (problem = text),
    atEnd: (work) => ending.add(work),
    abandoned: waiting.signal,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem)), PATIENCE_MILLIS);
  });
  try {
    const store = await Promise.race([opening, late]);
    const { kind, location, problems } = await store.health();
    await store.close();
    if (problems.length === 0) return [ok(ABOUT, `${kind} (${location})`)];
    return problems.map((text) => warning(ABOUT, text, 'See docs/operations.'));
  } catch (error) {
    return [failure(ABOUT, (error as Error).message, 'Mend store: in the configuration, or start it.')];
  } finally {
    clearTimeout(timer);
    waiting.abort();
    await ending.run();
  }
}
