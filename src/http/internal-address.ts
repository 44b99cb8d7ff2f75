import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What an address must not lead to. */
export type Refused = 'internal' | 'loopback and metadata' | 'metadata';

/** What an IPv4 address is written behind in one of IPv6, which a gateway (NAT64) or the kernel (SIIT) leads back to it. */
const translated = ['64:ff9b::', '::ffff:0:'];

/** This machine. */
const loopback = new BlockList();
addIpv4(loopback, '127.0.0.0', 8);
addIpv4(loopback, '0.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');
loopback.addAddress('::', 'ipv6');

/** Link-local addresses, where clouds serve a machine its credentials, and those that some of them use besides. */
const metadata = new BlockList();
addIpv4(metadata, '169.254.0.0', 16);
addIpv4(metadata, '100.100.100.200', 32);
addIpv4(metadata, '168.63.129.16', 32);
metadata.addSubnet('fe80::', 10, 'ipv6');
metadata.addAddress('fd00:ec2::254', 'ipv6');

/** Networks that are not the internet: at home, at work, of a provider, and ways into IPv4 that hide where they lead. */
const inside = new BlockList();
for (const [address, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  ['fc00::', 7],
  ['fec0::', 10],
  ['ff00::', 8],
  ['::', 96],
  ['64:ff9b::', 32],
  ['::ffff:0:0:0', 96],
  ['2001::', 32],
  ['2002::', 16],
] as const)
  inside.addSubnet(address, bits, 'ipv6');

/** Why a host is refused as it is written, or `undefined`. `hostname` as `URL` gives it. */
export function hostProblem(hostname: string, refused: Refused): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (refused !== 'metadata' && (bare === 'localhost' || bare.endsWith('.localhost')))
    return thisMachine(hostname);
  return isIP(bare) === 0 ? undefined : addressProblem(bare, hostname, refused);
}

/** Looks a name up as Node does, and fails when one of its addresses is refused: a name may say anything. */
export function checkedLookup(refused: Refused): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const problem = addresses.flatMap(({ address }) => addressProblem(address, hostname, refused) ?? [])[0];
      if (problem !== undefined) return callback(new Error(problem), '', 0);
      if (options.all) return callback(null, addresses);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

function addressProblem(address: string, host: string, refused: Refused): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (metadata.check(address, family))
    return `${host} is an address that clouds serve credentials from, which is refused`;
  if (refused === 'metadata') return undefined;
  if (loopback.check(address, family)) return thisMachine(host);
  return refused === 'internal' && inside.check(address, family)
    ? `${host} is in a network that is not the internet, which is refused`
    : undefined;
}

function addIpv4(list: BlockList, address: string, bits: number): void {
  list.addSubnet(address, bits, 'ipv4');
  for (const before of translated) list.addSubnet(before + address, 96 + bits, 'ipv6');
}

function thisMachine(host: string): string {
  return `${host} is this machine, which is refused`;
}
