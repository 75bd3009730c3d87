import { writeFile } from 'node:fs/promises';
import { test } from 'vitest';
import { startKafka } from '../../../servers/kafka.ts';
import { startRabbit } from '../../../servers/rabbitmq.ts';
import { startRedis } from '../../../servers/redis.ts';
import { startChromium } from '../chromium.ts';
import { useRedis } from '../use.ts';

/** Starts one server of each kind, some by the runner and some by this file's process, says so and goes on for ever. */
test('holds servers', async () => {
  await Promise.all([useRedis(), startRedis(), startRabbit(), startKafka()]);
  const page = await (await startChromium()).newPage();
  await page.goto('about:blank');
  await writeFile(process.env.VIGIL_TEST_HOLDING ?? '', 'holding');
  await new Promise(() => setInterval(() => undefined, 1_000));
});
