import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInExporters } from '../../src/exporters/index.js';
import { postgresAvailable, startPostgres } from '../helpers/postgres.js';
import { finish } from '../helpers/run-victor.js';
import { startSink } from './sink.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let answeredAt = Number.POSITIVE_INFINITY;
  child.stdout.once('data', () => {
    answeredAt = performance.now();
  });
  const result = await finish(child);
  // A pool would close its connection after ten seconds, and the process would end then. The start does not count.
  expect(performance.now() - answeredAt).toBeLessThan(8_000);
  return result;
}

/** One event through this exporter in a process that nobody ends and nobody closes. */
const exportOnce = (name: string, options: object, env: Record<string, string> = {}) =>
  run(['test/exporters/own-process.ts', name, JSON.stringify(options)], env);

const done = { code: 0, stdout: '{"success":true,"exportedCount":1}\n', stderr: '' };

describe('built-in exporters', () => {
  it('are these, by the name a configuration uses', () => {
    expect(Object.keys(builtInExporters({}))).toEqual([
      'console',
      'file',
      'sqlite',
      'postgres',
      'webhook',
      'prometheus-pushgateway',
      'otlp',
    ]);
  });

  it('load neither a database nor HTTP before the first export', async () => {
    const code = `
      import { builtInExporters } from './src/exporters/index.ts';
      import { createRequire } from 'node:module';
      const all = builtInExporters({});
      all.webhook({ url: 'https://a.example' });
      all.otlp({ endpoint: 'https://a.example' });
      all.sqlite({ path: 'a.db' }, { baseDirectory: '/nowhere' });
      all.postgres({});
      const loaded = process.moduleLoadList.filter((name) => /^NativeModule (https?|_http_client|tls)$/.test(name));
      const packages = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify([...loaded, ...packages.filter((path) => /node_modules.(pg|better-sqlite3)/.test(path))]));`;
    const { stdout, stderr } = await run(['--input-type=module', '-e', code]);
    expect({ stdout, stderr }).toEqual({ stdout: '[]\n', stderr: '' });
  });

  it.each([
    ['webhook', 'url'],
    ['prometheus-pushgateway', 'url'],
    ['otlp', 'endpoint'],
  ])('%s does not keep the process alive', async (name, key) => {
    const sink = await startSink();
    expect(await exportOnce(name, { [key]: sink.url })).toMatchObject(done);
  });

  it.skipIf(!postgresAvailable)('postgres does not keep the process alive', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    expect(await exportOnce('postgres', {}, { DATABASE_URL: server.connectionString })).toMatchObject(done);
  });
});
