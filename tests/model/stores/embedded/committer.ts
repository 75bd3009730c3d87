import { openEmbeddedStore } from '../../../../model/stores/embedded/embedded-store.ts';
import { factsSaid, RECORDS, recordsSaid } from './said.ts';

/** A process that commits without end, and tells each commit that was acknowledged in a line. */
export interface CommitterTask {
  readonly path: string;
  readonly retention: number;
  /** The number of its first commit. */
  readonly from: number;
  /** Commits under way together. */
  readonly atOnce: number;
}

const { path, retention, from, atOnce } = JSON.parse(process.argv[2] ?? '') as CommitterTask;
const store = await openEmbeddedStore({ path, retention });
let next = from;

async function commitOn(): Promise<void> {
  for (;;) {
    const n = next++;
    const records = recordsSaid(n);
    if (records.length > 0) await store.putRecords(RECORDS.kind, records, RECORDS.limit);
    await store.commit(factsSaid(n));
    process.stdout.write(`${n}\n`);
  }
}

await Promise.all(Array.from({ length: atOnce }, commitOn));
