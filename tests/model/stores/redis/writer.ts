import { openRedisStore } from '../../../../model/stores/redis/redis-store.ts';
import { said } from './said.ts';

/** A process that commits what a writer says, and tells each commit that was acknowledged in a line. */
export interface WriterTask {
  readonly url: string;
  readonly cloud: string;
  readonly writer: number;
  readonly commits: number;
}

const { url, cloud, writer, commits } = JSON.parse(process.argv[2] ?? '') as WriterTask;
const store = await openRedisStore({ url, cloud });
for (let commit = 0; commit < commits; commit++) {
  const { revision } = await store.commit(said(writer, commit));
  process.stdout.write(`${commit} ${revision}\n`);
}
await store.close();
