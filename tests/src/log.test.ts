import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/log.ts';

/** A log that writes to a text. */
function logged(format: LogOptions['format']): { log: ReturnType<typeof createLog>; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { log: createLog({ level: 'info', format }, stream), text: () => text };
}

describe.each(['json', 'pretty'] as const)('the log (%s)', (format) => {
  it('has no secrets, wherever they stand', () => {
    const { log, text } = logged(format);
    log.info(
      { password: 'geheim', store: { password: 'geheim' }, config: { security: { token: 'geheim' } } },
      'started',
    );
    log.info({ headers: { authorization: 'Bearer geheim', 'x-auth-token': 'geheim', cookie: 'geheim' } }, 'asked');
    log.info('connecting to amqp://vigil:geheim@broker:5672/');
    log.error({ err: new Error('connect redis://:geheim@h:6379 failed') }, 'lost redis://u:geheim@h');
    expect(text()).not.toContain('geheim');
    expect(text()).toContain('amqp://…@broker:5672/');
    expect(text()).toContain('started');
  });

  it('leaves out what is not worth a line', () => {
    const { log, text } = logged(format);
    log.debug('a detail');
    expect(text()).toBe('');
  });
});

it('is a line an entry for people, too, so that what happens reads from top to bottom', () => {
  const { log, text } = logged('pretty');
  log.warn({ rule: 'steal', resources: ['a', 'b'] }, 'a rule is breached');
  expect(text().trimEnd()).toMatch(/a rule is breached.*steal.*$/);
  expect(text().trimEnd()).not.toContain('\n');
});
