import { domainToASCII } from 'node:url';

const address = /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#@"']*@)?([^\s/?#:"'\\`]+)/gi;

/**
 * The hosts of addresses in a text that have letters beyond ASCII, each with the name that is really asked for: a letter
 * of another script may look just like one of ours.
 */
export function oddHosts(text: string): readonly { readonly shown: string; readonly real: string }[] {
  const hosts = new Set(Array.from(text.matchAll(address), ([, host = '']) => host));
  return [...hosts]
    .filter((host) => /[^\p{ASCII}]/u.test(host))
    .map((host) => ({ shown: host, real: domainToASCII(host) || 'no valid name' }));
}
