/** The host that an address leads to, with a port that is not the usual one; `undefined` where it is no web address. */
export function hostOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  if ((protocol !== 'http:' && protocol !== 'https:') || hostname === '') return undefined;
  const name = hostname.replace(/\.$/, '');
  return port === '' ? name : `${name}:${port}`;
}
