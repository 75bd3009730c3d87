import { describe, expect, it } from 'vitest';
import { forbidden, forbiddenHost, guardedLookup } from '../../../src/events/deliveries/address-guard.ts';

describe('an address that events are told to', () => {
  it.each(['169.254.169.254', '0.0.0.0', '::', 'fe80::1', '224.0.0.1', '255.255.255.255', '::ffff:169.254.169.254'])(
    '%s is never one',
    (address) => {
      expect(forbidden(address, true)).not.toBeNull();
    },
  );

  it.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', '::1', 'fd00::1', '::ffff:10.0.0.1'])(
    '%s is one only if private ones are meant',
    (address) => {
      expect(forbidden(address, false)).toContain('allow_private');
      expect(forbidden(address, true)).toBeNull();
    },
  );

  it.each(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '172.32.0.1'])('%s is one', (address) => {
    expect(forbidden(address, false)).toBeNull();
  });

  it('is looked at where it stands in a URL, in whichever form', () => {
    for (const url of ['http://127.0.0.1/', 'http://2130706433/', 'http://[::1]:80/', 'http://0x7f.1/']) {
      expect([url, forbiddenHost(new URL(url), false)]).toEqual([url, expect.stringContaining('private')]);
    }
    expect(forbiddenHost(new URL('http://example.org/'), false)).toBeNull();
  });

  it('is looked at once a name is looked up', async () => {
    const found = await new Promise((resolve) => guardedLookup(false)('localhost', {}, (error) => resolve(error)));
    expect(String(found)).toContain('allow_private');
    const allowed = await new Promise((resolve) =>
      guardedLookup(true)('localhost', {}, (_, address) => resolve(address)),
    );
    expect(['127.0.0.1', '::1']).toContain(allowed);
  });
});
