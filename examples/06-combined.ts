/**
 * Many custom coordinators together: settings from a database or the environment, a prompt of three contributors, a
 * context that keeps recent messages, and analytics in a database and in Prometheus. Each works on its own; the
 * settings of a session reach the contributors through the orchestrator.
 * Run it with `npm run build && npx tsx examples/06-combined.ts`; DATABASE_URL makes it use PostgreSQL, PUSHGATEWAY_URL
 * a Prometheus Pushgateway.
 */
import {
  AgentOrchestrator,
  AnalyticsCoordinator,
  ConfigCoordinator,
  type ConfigProvider,
  ContextCoordinator,
  PromptCoordinator,
  ScriptedProvider,
  settings,
} from 'victor-agent';
import { DatabaseConfigProvider } from './02-custom-config-provider.js';
import {
  CodeStylePromptContributor,
  CompliancePromptContributor,
  MultilingualPromptContributor,
  styleGuide,
} from './03-custom-prompt-contributor.js';
import { RecentMessagesCompactionStrategy } from './04-custom-compaction-strategy.js';
import {
  analyticsTable,
  DatabaseAnalyticsExporter,
  prometheusExporters,
} from './05-custom-analytics-exporter.js';
import { openDatabase } from './shared/open-database.js';

/** The settings of every session for which nobody above has any: here, the model from `TEAM_MODEL`. */
class EnvironmentConfigProvider implements ConfigProvider {
  readonly priority = 10;

  getConfig() {
    const model = process.env.TEAM_MODEL;
    return model ? { model } : {};
  }
}

const startedAt = new Date().toISOString();
const database = await openDatabase();
await database.query(analyticsTable);
await database.query(
  'CREATE TABLE IF NOT EXISTS sessions (session_id text PRIMARY KEY, config jsonb NOT NULL)',
);
await database.query(
  `INSERT INTO sessions (session_id, config) VALUES ($1, $2)
   ON CONFLICT (session_id) DO UPDATE SET config = excluded.config`,
  ['clinic', JSON.stringify({ prompt: { context: { language: 'es', requiresCompliance: true } } })],
);
// A deployment sets this one.
process.env.TEAM_MODEL ||= 'claude-haiku-4-5';

// Step 1: the config coordinator.
const config = new ConfigCoordinator({
  providers: [new DatabaseConfigProvider(database), new EnvironmentConfigProvider()],
});

// Step 2: the prompt coordinator.
const prompt = new PromptCoordinator({
  contributors: [
    new CompliancePromptContributor(),
    new CodeStylePromptContributor(styleGuide),
    new MultilingualPromptContributor(),
  ],
});

// Step 3: the context coordinator.
const sessionSettings = settings({ analytics: { enabled: true }, compaction: { threshold: 0.8 } });
const context = new ContextCoordinator({
  compactionStrategy: new RecentMessagesCompactionStrategy({ keepLast: 15 }),
  threshold: sessionSettings.compaction.threshold,
});

// Step 4: the analytics coordinator.
const analytics = new AnalyticsCoordinator({
  exporters: [new DatabaseAnalyticsExporter(database), ...prometheusExporters('victor-combined')],
  enabled: sessionSettings.analytics.enabled,
});

// Step 5: the orchestrator with all of them. Its model says who it is and which parts of the prompt reached it.
const orchestrator = new AgentOrchestrator({
  settings: sessionSettings,
  provider: new ScriptedProvider({
    script: ({ model, system }) => ({
      text: [`I am ${model}.`, ...(system.match(/^## .*|^Language: .*/gm) ?? [])].join(' | '),
    }),
  }),
  model: 'claude-sonnet-4-5',
  coordinators: { config, prompt, context, analytics },
});

// Step 6: use it. The clinic's settings come from the database, the shop's from the environment.
for (const sessionId of ['clinic', 'shop']) {
  const request = { sessionId, context: { task: 'code_generation' } };
  const response = await orchestrator.chat('Generate Python code that reads a CSV file.', request);
  console.log(`${sessionId}: ${response.content}`);
}

for (let question = 2; question <= 10; question++) {
  await orchestrator.chat(`Generate test ${question}.`, { sessionId: 'clinic' });
}
const { strategy, before, after } = await orchestrator.compact('clinic');
console.log(`Compacted by ${strategy}: ${before.messages} -> ${after.messages} messages`);

await orchestrator.close(); // Delivers what the background exports have not.
const { rows } = await database.query(
  `SELECT session_id, count(*) AS turns FROM analytics WHERE event_type = 'turn_end' AND timestamp >= $1
   GROUP BY session_id ORDER BY session_id`,
  [startedAt],
);
for (const { session_id, turns } of rows) console.log(`In the database: ${session_id}, ${turns} turns`);
await database.end();
