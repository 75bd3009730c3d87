import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path } from './obtain.ts';

const run = promisify(execFile);

/** Runs on Java 17 or newer. */
export const KAFKA_VERSION = '4.1.2';

/** Where the broker's jars are kept from run to run. */
export function kafkaFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'vigil', `kafka-${KAFKA_VERSION}`);
}

/**
 * Download Apache Kafka's broker with its libraries from Maven's repository unless it is in the cache already.
 * @throws Error with Maven's message
 */
export async function obtainKafka(): Promise<void> {
  const folder = kafkaFolder();
  if (existsSync(folder)) return;
  await mkdir(join(folder, '..'), { recursive: true });
  const work = await mkdtemp(`${folder}.`); // renamed when complete: a broken download is never taken for a whole one
  console.error(`downloading Apache Kafka ${KAFKA_VERSION}`);
  try {
    await writeFile(join(work, 'pom.xml'), pom());
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${work}/libs`];
    await run(path('mvn'), ['-B', '-q', '-f', join(work, 'pom.xml'), ...goal], { maxBuffer: 64 * 1024 * 1024 });
    await rename(join(work, 'libs'), folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another run was faster
    });
  } catch (error) {
    const { stdout = '', message } = error as { stdout?: string; message: string };
    throw new Error(
      `Apache Kafka ${KAFKA_VERSION} (Maven: org.apache.kafka:kafka_2.13) could not be put in ${folder}: ${message}\n${stdout}`,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function pom(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>vigil</groupId><artifactId>kafka-for-vigil</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
  </dependencies>
</project>
`;
}
