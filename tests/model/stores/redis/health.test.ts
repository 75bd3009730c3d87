import { describe, expect, it } from 'vitest';
import type { RedisAddress } from '../../../../model/stores/redis/address.ts';
import { cleanError, isPassing, isRefusedAccess } from '../../../../model/stores/redis/failure.ts';
import { problemsOf } from '../../../../model/stores/redis/health.ts';
import { parseInfo, unsupported } from '../../../../model/stores/redis/server-info.ts';

const SOUND = [
  '# Server',
  'redis_version:7.0.15',
  '# Persistence',
  'aof_enabled:1',
  'aof_last_write_status:ok',
  '# Memory',
  'maxmemory:0',
  'used_memory:100',
  'maxmemory_policy:noeviction',
  '# Replication',
  'role:master',
  '',
].join('\r\n');

describe('the health of a Redis', () => {
  it('is good when it keeps what it is told', () => {
    expect(problemsOf(parseInfo(SOUND))).toEqual([]);
  });

  it.each([
    ['aof_enabled:1', 'aof_enabled:0', /appendonly yes/],
    ['aof_last_write_status:ok', 'aof_last_write_status:err', /broken disk/],
    ['maxmemory_policy:noeviction', 'maxmemory_policy:allkeys-lru', /allkeys-lru.*noeviction/],
    ['maxmemory:0', 'maxmemory:105', /100 of 105 bytes.*raise maxmemory/],
    ['role:master', 'role:slave', /primary/],
  ])('is not with %s become %s', (sound, bad, problem) => {
    expect(problemsOf(parseInfo(SOUND.replace(sound, bad)))).toEqual([expect.stringMatching(problem)]);
  });
});

describe('the version of a Redis', () => {
  it.each([
    ['6.2.0', null],
    ['7.0.15', null],
    ['10.0.0', null],
    ['6.0.20', /6\.0\.20 is too old, 6\.2 or later/],
    ['5.0.14', /too old/],
    ['', /too old/],
  ])('%s is told from one that cannot be used', (version, reason) => {
    const said = unsupported(new Map([['redis_version', version]]));
    if (reason === null) expect(said).toBeNull();
    else expect(said).toMatch(reason);
  });
});

describe('an error', () => {
  const PLAIN = { url: 'redis://h:6379/0' };
  const clean = (error: Error, address: RedisAddress = PLAIN, wasConnected = false): Error =>
    cleanError(error, address, wasConnected);
  const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

  it('of the connection passes, as do replies that Redis cannot serve now', () => {
    const passing = [
      new Error('Connection is closed.'),
      reply('LOADING Redis is loading'),
      reply('OOM command not allowed'),
    ];
    for (const error of passing) expect(isPassing(error)).toBe(true);
  });

  it('is known behind the place in a script, too, where Redis 6.2 tells it', () => {
    const full = reply("@user_script: 187: -OOM command not allowed when used memory > 'maxmemory'.");
    const raised = reply('ERR Error running script (call to f_0123): @user_script:44: -READONLY You can`t write');
    for (const error of [full, raised]) expect(isPassing(error)).toBe(true);
    expect(clean(full).message).toMatch(/^Redis at redis:\/\/h:6379\/0: OOM .*maxmemory/);
    expect(isPassing(reply('@user_script: 90: -WRONGTYPE Operation'))).toBe(false);
  });

  it('of the call does not', () => {
    const lasting = [reply('WRONGTYPE Operation'), reply('ERR unknown command'), new TypeError('bad'), 'text'];
    for (const error of lasting) expect(isPassing(error)).toBe(false);
  });

  it('of credentials or permissions is told apart', () => {
    expect(isRefusedAccess(reply('WRONGPASS invalid username-password pair'))).toBe(true);
    expect(isRefusedAccess(reply('NOPERM this user has no permissions'))).toBe(true);
    expect(isRefusedAccess(new Error('NOAUTH said by a proxy'))).toBe(false);
  });

  it('is told with its place and advice, and with nothing that a client attached', () => {
    const error = Object.assign(reply("ERR unknown command 'AUTH' with args beginning with: 'hunter2'"), {
      command: { name: 'auth', args: ['hunter2'] },
    });
    const cleaned = clean(error, { url: 'redis://:hunter2@h:6379/0' });
    expect(cleaned.message).toBe(
      "Redis at redis://h:6379/0: ERR unknown command 'AUTH' with args beginning with: '***'",
    );
    expect(Object.keys(cleaned)).toEqual([]);
    expect(clean(reply('READONLY You can`t write')).message).toMatch(/name the primary/);
    const refused = new AggregateError([
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED 127.0.0.1:1'),
    ]);
    expect(clean(refused).message).toBe(
      'Redis at redis://h:6379/0: connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  describe('of a connection that never stood says what may be wrong with the address:', () => {
    const tls = { url: 'rediss://h:6379/0' };
    const withCertificate = { ...tls, tls: { cert: 'PEM', key: 'PEM' } };
    it.each([
      ['write ECONNRESET', tls, /wants a certificate of its clients, name that and its key as tls\.cert and tls\.key/],
      ['tlsv13 alert certificate required', tls, /\(where it wants a certificate of its clients/],
      ['write ECONNRESET', withCertificate, /\(is this its port for TLS\?\)$/],
      ['self-signed certificate in certificate chain', tls, /authority that issued its certificate as tls\.ca/],
      ['Connection is closed.', PLAIN, /\(is this its port for TLS\? Then use rediss:\/\/\)$/],
    ])('%s', (message, address, advice) => {
      expect(clean(new Error(message), address).message).toMatch(advice);
      expect(clean(new Error(message), address, true).message).toBe(`Redis at ${address.url}: ${message}`);
    });
  });
});
