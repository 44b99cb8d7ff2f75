import { variableOrDefault, variableReference } from '../core/variable-reference.js';
import { entryName } from './entries.js';
import type { Entry, Settings } from './schema.js';

/** What `postgres` connects with unless its options name another variable. */
const usualConnection = 'DATABASE_URL';

/** The environment variables that the settings take secrets from: keys, connection strings, headers. */
export function secretVariables(settings: Settings): ReadonlySet<string> {
  const { provider, configProviders, exporters, embedder, mcpServers } = settings;
  const entries = [...(provider === undefined ? [] : [provider]), embedder, ...configProviders, ...exporters];
  const remote = Object.values(mcpServers).flatMap((server) =>
    'command' in server ? [] : textsIn([server.headers, server.oauth]),
  );
  const sent = remote.flatMap((text) => [...text.matchAll(variableOrDefault)].map(([, name]) => name!));
  return new Set([...entries.flatMap((entry) => [...namedBy(entry)]), ...sent]);
}

function* namedBy(entry: Entry): Iterable<string> {
  const options = typeof entry === 'string' ? {} : entry[1];
  if (entryName(entry) === 'postgres' && options.connectionStringVariable === undefined)
    yield usualConnection;
  for (const [key, value] of Object.entries(options)) {
    if (key.endsWith('Variable') && typeof value === 'string') yield value;
    for (const text of textsIn(value)) for (const [, name] of text.matchAll(variableReference)) yield name!;
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** An environment without those variables, and without their values under any other name. */
export function withoutSecrets(environment: NodeJS.ProcessEnv, settings: Settings): NodeJS.ProcessEnv {
  const names = secretVariables(settings);
  if (names.size === 0) return environment;
  const values = new Set([...names].map((name) => environment[name]).filter(Boolean));
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => !values.has(value)));
}
