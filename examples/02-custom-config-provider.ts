/**
 * Custom config providers: settings of a session come from a database, and from a web API where the database has none.
 * Useful for many tenants, A/B tests and feature flags.
 * Run it with `npm run build && npx tsx examples/02-custom-config-provider.ts`; DATABASE_URL makes it use PostgreSQL.
 */
import { AgentOrchestrator, ConfigCoordinator, type ConfigProvider, ScriptedProvider } from 'victor-agent';
import { isMain } from './shared/is-main.js';
import { type Database, openDatabase } from './shared/open-database.js';
import { startServer } from './shared/start-server.js';

type Config = Record<string, unknown>;

/** Loads the settings of a session from a database. */
export class DatabaseConfigProvider implements ConfigProvider {
  /** Higher is asked first. */
  readonly priority = 100;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async getConfig(sessionId: string): Promise<Config> {
    const query = 'SELECT config FROM sessions WHERE session_id = $1';
    const { rows } = await this.#database.query(query, [sessionId]);
    const config = rows[0]?.config ?? {}; // Empty: the next provider is asked.
    // PostgreSQL hands out jsonb as an object, SQLite as the text that it is.
    return typeof config === 'string' ? JSON.parse(config) : (config as Config);
  }
}

/** Loads the settings of a session from a remote API. */
export class APIConfigProvider implements ConfigProvider {
  /** Lower than the database: the fallback. */
  readonly priority = 50;
  readonly #baseUrl: string;
  readonly #apiKey: string;

  constructor({ apiBaseUrl, apiKey }: { apiBaseUrl: string; apiKey: string }) {
    this.#baseUrl = apiBaseUrl;
    this.#apiKey = apiKey;
  }

  async getConfig(sessionId: string): Promise<Config> {
    const response = await fetch(`${this.#baseUrl}/config/${encodeURIComponent(sessionId)}`, {
      headers: { Authorization: `Bearer ${this.#apiKey}` },
      signal: AbortSignal.timeout(3_000),
    });
    if (response.status === 404) return {};
    // A provider that throws is skipped, and the failure is an event of the session.
    if (!response.ok) throw new Error(`The config API answered ${response.status}.`);
    return (await response.json()) as Config;
  }
}

async function customConfigExample(): Promise<void> {
  const database = await openDatabase();
  await database.query(
    'CREATE TABLE IF NOT EXISTS sessions (session_id text PRIMARY KEY, config jsonb NOT NULL)',
  );
  await database.query(
    `INSERT INTO sessions (session_id, config) VALUES ($1, $2)
     ON CONFLICT (session_id) DO UPDATE SET config = excluded.config`,
    ['user-session-123', JSON.stringify({ model: 'claude-opus-4-5', maxTurns: 20 })],
  );
  const api = await startServer((request, response) => {
    const authorised = request.headers.authorization === 'Bearer your-api-key';
    const known = request.url === '/config/user-session-456';
    response.statusCode = authorised ? (known ? 200 : 404) : 401;
    response.end(known && authorised ? JSON.stringify({ model: 'claude-haiku-4-5' }) : '');
  });

  // Step 1: create the providers.
  const databaseProvider = new DatabaseConfigProvider(database);
  const apiProvider = new APIConfigProvider({ apiBaseUrl: api.url, apiKey: 'your-api-key' });

  // Step 2: create the coordinator. The first answer that is not empty is the configuration.
  const config = new ConfigCoordinator({
    providers: [
      databaseProvider, // Asked first (priority 100).
      apiProvider, // The fallback (priority 50), wherever it stands in this list.
    ],
  });

  // Step 3: use it with an orchestrator, here one whose model says which one it is.
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({ script: ({ model }) => ({ text: `I am ${model}.` }) }),
    model: 'claude-sonnet-4-5',
    coordinators: { config },
  });

  // Step 4: load the configuration of sessions: in the database, only in the API, and in neither.
  for (const sessionId of ['user-session-123', 'user-session-456', 'user-session-789']) {
    console.log(`${sessionId}: ${JSON.stringify(await config.loadConfig(sessionId))}`);
    const { content } = await orchestrator.chat('Which model are you?', { sessionId });
    console.log(`  ${content}`);
  }

  await orchestrator.close();
  api.close();
  await database.end();
}

if (isMain(import.meta.filename)) await customConfigExample();
