import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Where no service is that may be told of events: the metadata service of clouds lies there. */
const NEVER = new BlockList();
NEVER.addSubnet('0.0.0.0', 8, 'ipv4');
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addSubnet('224.0.0.0', 3, 'ipv4');
NEVER.addAddress('::', 'ipv6');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('ff00::', 8, 'ipv6');

/** This machine and networks that are nobody else's business. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Why an address must not be connected to; null when it may be. */
export function forbidden(address: string, allowPrivate: boolean): string | null {
  const plain = MAPPED.exec(address)?.[1] ?? address;
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  if (NEVER.check(plain, family)) return `${address} is not an address of a service`;
  if (!allowPrivate && PRIVATE.check(plain, family)) return `${address} is private: set allow_private if that is meant`;
  return null;
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Looks names up as usual, and fails on those that lead where nothing may be told: what is checked is what is connected to, so
 * that a name cannot lead elsewhere the next moment.
 */
export function guardedLookup(allowPrivate: boolean) {
  return (host: string, options: LookupOptions, found: Found): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, []);
      const reasons = addresses.map(({ address }) => forbidden(address, allowPrivate));
      const wrong = reasons.find((reason) => reason !== null);
      if (wrong !== undefined && wrong !== null) return found(new Error(wrong), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return found(null, addresses);
      found(null, first.address, first.family);
    });
  };
}

/** Why a URL must not be asked: addresses in it are not looked up. Null when it may be. */
export function forbiddenHost(url: URL, allowPrivate: boolean): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : forbidden(host, allowPrivate);
}
