import { maskSecrets } from './mask-secrets.js';

const MAX_CHARACTERS = 80;

/**
 * A setting's value in a few words for people: a name as it is, everything else as JSON, cut when it is long. What may
 * be a secret is masked, and of addresses the query and the user are left out.
 */
export function shownValue(value: unknown, key = ''): string {
  if (value === undefined) return '(unset)';
  const name = key.slice(key.lastIndexOf('.') + 1);
  const shown = withoutQueries(maskSecrets(value, name));
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}

function withoutQueries(value: unknown): unknown {
  if (typeof value === 'string') return plainAddress(value);
  if (Array.isArray(value)) return value.map(withoutQueries);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutQueries(one)]));
}

function plainAddress(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { protocol, host, pathname, search, hash } = new URL(text);
  return `${protocol}//${host}${pathname}${search || hash ? '?…' : ''}`;
}
