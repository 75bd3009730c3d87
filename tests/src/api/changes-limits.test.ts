import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { api, listening, read, start, state } from './followed.ts';
import { fact } from './state.ts';

describe('limits', () => {
  /** A client that asks and never reads. */
  function deaf(path: string): Promise<ReturnType<typeof connect>> {
    return new Promise((resolve) => {
      const socket = connect(listening(), () => {
        socket.pause();
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        resolve(socket);
      });
      socket.on('error', () => undefined); // it is cut, that is the point
    });
  }

  async function metric(name: string): Promise<number> {
    const { body } = await api.inject('/metrics');
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(body)?.[1]);
  }

  /** Waits for what must come to be; the test's own time limit is the only one. */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  it('cut a reader that falls behind all changes held, and nobody else', async () => {
    await start({ limits: { changes_kept: 1_000 } });
    const socket = await deaf('/model/changes');
    const reader = await read('?kind=instance');
    await reader.reached(state.model.revision);
    const metadata = { note: 'x'.repeat(250) };
    let sent = 0;
    while ((await metric('vigil_subscribers_cut_total')) === 0) {
      const facts = Array.from({ length: 500 }, (_, i) =>
        fact(`instance/many-${i}`, 'metadata', { ...metadata, sent: String(sent) }),
      );
      await state.tell(facts);
      sent += facts.length;
      await reader.take(facts.length);
      expect(sent).toBeLessThan(200_000);
    }
    expect(await metric('vigil_subscribers_cut_total')).toBe(1);
    await until(async () => (await metric('vigil_subscribers')) === 1);
    socket.destroy();
  }, 60_000);

  it('cut a reader that takes nothing of its snapshot', async () => {
    const large = { note: 'x'.repeat(20_000) };
    await state.tell(Array.from({ length: 1_000 }, (_, i) => fact(`instance/large-${i}`, 'metadata', large)));
    await start({ limits: { heartbeat: 0.2 } });
    const socket = await deaf('/model/changes?snapshot=true');
    await until(async () => (await metric('vigil_subscribers_cut_total')) === 1);
    await until(async () => (await metric('vigil_subscribers')) === 0);
    socket.destroy();
  });

  it('refuse more subscribers than there are places', async () => {
    await start({ limits: { max_subscribers: 1 } });
    const first = await read('');
    const refused = await api.inject('/model/changes');
    expect([refused.statusCode, refused.json().error.code]).toEqual([503, 'too-many-subscribers']);
    first.close();
    await until(async () => (await metric('vigil_subscribers')) === 0);
    const second = await read('');
    expect(second.answer.statusCode).toBe(200);
  });

  it('refuse to be asked for headers alone, as there would be no end to wait for', async () => {
    await start();
    expect((await api.inject({ method: 'HEAD', url: '/model/changes' })).statusCode).toBe(404);
  });

  it.each(['?after=x', '?snapshot=maybe', '?kind=volume', '?hosts=h1', `?host=${'x'.repeat(256)}`])(
    'refuse %s',
    async (query) => {
      await start();
      const answer = await api.inject(`/model/changes${query}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error.what_to_do).not.toBe('');
    },
  );
});
