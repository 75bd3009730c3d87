import { describe, expect, it } from 'vitest';
import { connectionOptions, describe as describeAddress } from '../../../../model/stores/redis/address.ts';
import { cloudKeys } from '../../../../model/stores/redis/keys.ts';

describe('the address of a Redis', () => {
  it('is its URL, with port 6379 and database 0 unless it says otherwise', () => {
    expect(connectionOptions({ url: 'redis://redis.example' })).toEqual({ host: 'redis.example', port: 6379, db: 0 });
    expect(connectionOptions({ url: 'redis://[::1]:7000/3' })).toEqual({ host: '::1', port: 7000, db: 3 });
  });

  it('holds credentials, percent-encoded, unless they are given apart', () => {
    const url = 'redis://user:p%40ss@h';
    expect(connectionOptions({ url })).toMatchObject({ username: 'user', password: 'p@ss' });
    expect(connectionOptions({ url, username: 'other', password: 'else' })).toMatchObject({
      username: 'other',
      password: 'else',
    });
  });

  it('asks for TLS by its scheme or by certificates', () => {
    expect(connectionOptions({ url: 'redis://h' }).tls).toBeUndefined();
    expect(connectionOptions({ url: 'rediss://h' }).tls).toEqual({});
    expect(connectionOptions({ url: 'redis://h', tls: { ca: 'PEM' } }).tls).toEqual({ ca: 'PEM' });
  });

  it('is told to people without credentials', () => {
    expect(describeAddress({ url: 'redis://user:secret@h/2' })).toBe('redis://h:6379/2');
    expect(describeAddress({ url: 'rediss://:secret@[::1]:7000' })).toBe('rediss://[::1]:7000/0');
  });

  it.each(['', 'h:6379', 'http://h', 'redis://', 'redis://:secret@h/database', 'redis://:secret@h:port'])(
    'cannot be %j, which is said without repeating it',
    (url) => {
      const read = (): unknown => connectionOptions({ url });
      expect(read).toThrow(/must be redis:\/\/HOST:PORT\/DATABASE/);
      expect(read).not.toThrow(/secret/);
    },
  );
});

describe('the keys of a cloud', () => {
  it('share its hash tag', () => {
    const keys = cloudKeys('north');
    const names = [keys.state, keys.stream, keys.elements, keys.recordCounts];
    names.push(keys.element('host/a'), keys.recordIds('letters'), keys.recordValues('letters'));
    for (const name of names) expect(name).toMatch(/^\{vigil:north\}:/);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['', '{', 'a}b', 'a\nb'])('are refused for a cloud that is called %j', (cloud) => {
    expect(() => cloudKeys(cloud)).toThrow(RangeError);
  });
});
