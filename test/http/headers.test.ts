import { expect, it } from 'vitest';
import { HttpHeaders } from '../../src/http/headers.js';

const pairs: [string, string][] = [
  ['X-Api-Key', 'a'],
  ['Accept', 'text/event-stream'],
  ['accept', 'application/json'],
];

it('behaves as the class of the platform does, in what the SDKs use of it', () => {
  const own = new HttpHeaders(pairs);
  const platform = new Headers(pairs);
  const sorted = (headers: Iterable<[string, string]>) => [...headers].sort();
  expect(sorted(own)).toEqual(sorted(platform));
  for (const headers of [own, platform]) {
    headers.append('Anthropic-Beta', 'one');
    headers.append('anthropic-beta', 'two');
    headers.set('ACCEPT', '*/*');
    headers.delete('x-API-key');
  }
  expect(sorted(own.entries())).toEqual(sorted(platform.entries()));
  for (const name of ['Anthropic-Beta', 'accept', 'X-Api-Key', 'missing']) {
    expect(own.get(name)).toBe(platform.get(name));
    expect(own.has(name)).toBe(platform.has(name));
  }
  expect(sorted(new HttpHeaders(own))).toEqual(sorted(new Headers([...own])));
  expect(sorted(new HttpHeaders({ Accept: 'a', b: 'c' }))).toEqual(
    sorted(new Headers({ Accept: 'a', b: 'c' })),
  );
});

it('what node:http calls undefined is no header', () => {
  expect([...new HttpHeaders({ accept: undefined, host: 'x' })]).toEqual([['host', 'x']]);
});
