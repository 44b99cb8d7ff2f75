import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import { victorPaths } from '../../src/config/paths.js';
import { openStore } from '../../src/storage/open-store.js';
import {
  type ModelServer,
  type ServerScript,
  type ServerStep,
  startModelServer,
} from '../helpers/model-server.js';
import { startOfDayIn, zoneAtNoon } from '../helpers/noon.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const zone = zoneAtNoon();

/** Only what is written costs: a dollar a thousand tokens. */
const price = { input: 0, output: 1_000 };
const cost = (usd: number) => ({ inputTokens: 10, outputTokens: usd * 1_000 });

type Script = Parameters<typeof startModelServer>[0];

const servers: ModelServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

async function serve(script: Script): Promise<ModelServer> {
  const server = await startModelServer(script);
  servers.push(server);
  return server;
}

/** Folders of one user with these settings, and a model on loopback. */
async function user(script: Script, settings: object) {
  const server = await serve(script);
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const key = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
  const env = { ...key, VICTOR_HOME: home, TZ: zone };
  const write = (all: object) =>
    writeFileSync(
      join(home, 'config.json'),
      JSON.stringify({
        model: 'anthropic/test-model',
        prices: { 'test-model': price },
        maxTokens: 1_000,
        ...all,
      }),
      { mode: 0o600 },
    );
  write(settings);
  const ask = (args: readonly string[], options: object = {}) =>
    runVictor(['ask', ...args], { cwd, env, ...options });
  /** What the database says. */
  const store = () => openStore({ file: victorPaths(env).databaseFile });
  return { server, cwd, home, env, ask, write, store };
}

function calls(usd: number): () => ServerStep {
  let n = 0;
  return () => ({ toolCalls: [{ name: 'List', input: { path: `folder-${n++}` } }], usage: cost(usd) });
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe.concurrent('victor ask under a budget', () => {
  it('--max-budget-usd: exit code 5, what was spent, and how to raise it; the call that could cross is not made', async () => {
    const { ask, server } = await user(calls(1), {});
    const { code, stdout, stderr } = await ask(['go', '--json', '--max-budget-usd', '2.1']);
    expect(code).toBe(5);
    expect(server.requests.map(({ body }) => body.max_tokens)).toEqual([1_000, 1_000]);
    expect(JSON.parse(stdout)).toMatchObject({
      subtype: 'limit',
      total_cost_usd: 2,
      limit: { name: 'maxBudgetUsd', value: 2.1, spent_usd: 2, unpriced_calls: 0 },
    });
    expect(lastLine(stderr)).toMatch(
      /^victor: the budget of \$2\.1 for one request \(maxBudgetUsd\) allows no further call: \$2 of it are spent\. Raise it with --max-budget-usd, or go on with victor ask --resume \S+ "go on"\.$/,
    );
    expect(stderr).toContain(
      'victor: 95 % of the budget for one request (maxBudgetUsd) is used: $2 of $2.1.',
    );
  });

  it('a budget below what the first call may cost says so: nothing was asked, and nothing is spent of it', async () => {
    const { ask, server } = await user(calls(1), {});
    const { code, stderr } = await ask(['go', '--max-budget-usd', '0.0001']);
    expect(code).toBe(5);
    expect(server.requests).toEqual([]);
    expect(lastLine(stderr)).toMatch(
      /^victor: the budget of \$0\.0001 for one request \(maxBudgetUsd\) is less than this call may cost\. Raise it with --max-budget-usd, /,
    );
  });

  it('maxDayUsd holds over processes and folders, says when it begins anew, and does not count yesterday', async () => {
    const answers = () => ({ text: 'Done.', usage: cost(0.9) });
    const { ask, server, store } = await user(answers, { maxDayUsd: 2 });
    const database = await store();
    const yesterday = startOfDayIn(zone) - 1;
    const data = { provider: 'anthropic', model: 'test-model', outputTokens: 1, costUsd: 50 };
    await database.analytics.appendEvents([
      { id: 'y', sessionId: 'y', type: 'request_end', data, timestamp: yesterday },
    ]);
    await database.close();
    const first = await ask(['go']);
    expect(first).toMatchObject({ code: 0, stdout: 'Done.\n' });
    expect(first.stderr).not.toContain('budget');
    const second = await ask(['go'], { cwd: temporaryDirectory() });
    expect(second.code).toBe(0);
    expect(second.stderr.match(/90 % of the budget for today/g)).toHaveLength(1);
    const third = await ask(['go']);
    expect(third).toMatchObject({ code: 5, stdout: '' });
    expect(lastLine(third.stderr)).toMatch(
      /^victor: the budget of \$2 for today, over all projects \(maxDayUsd\) allows no further call: \$1\.8 of it are spent\. It begins anew at midnight, local time\. Raise maxDayUsd where victor config show --origin says that it is set, or go on with /,
    );
    expect(server.requests).toHaveLength(2);
  });

  it('maxProjectUsd counts a repository with its subfolders, whatever the day, and no other', async () => {
    const { ask, cwd, server, store } = await user(() => ({ text: 'Done.', usage: cost(0.9) }), {
      maxProjectUsd: 2,
    });
    mkdirSync(join(cwd, '.git'));
    mkdirSync(join(cwd, 'src/deep'), { recursive: true });
    expect((await ask(['go', '--session-id', 'at-root'])).code).toBe(0);
    expect((await ask(['go', '--session-id', 'in-deep'], { cwd: join(cwd, 'src/deep') })).code).toBe(0);
    const stopped = await ask(['go'], { cwd: join(cwd, 'src') });
    expect(stopped.code).toBe(5);
    expect(stopped.stderr).toContain(
      'for this project (maxProjectUsd) allows no further call: $1.8 of it are spent.',
    );
    expect((await ask(['go'], { cwd: temporaryDirectory() })).code).toBe(0);
    expect(server.requests).toHaveLength(3);
    const database = await store();
    expect((await database.analytics.spending({ sessionId: 'in-deep' })).costUsd).toBe(0.9);
    await database.close();
  });

  it.each(['maxBudgetUsd', 'maxDayUsd', 'maxProjectUsd'])(
    '%s with an unknown price: exit code 2 before anything is sent',
    async (key) => {
      const { ask, server } = await user(calls(1), { [key]: 5, prices: {} });
      const { code, stdout, stderr } = await ask(['go']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(
        `The budget ${key} cannot be kept: the price of anthropic/test-model is unknown.`,
      );
      expect(server.requests).toEqual([]);
    },
  );

  it("a project's file lowers the budget of the day, and does not raise it", async () => {
    const { ask, cwd, server } = await user(calls(0.5), { maxDayUsd: 3 });
    writeFileSync(join(cwd, '.victorrc'), 'maxDayUsd: 1\n');
    const lowered = await ask(['go', '--json']);
    expect(JSON.parse(lowered.stdout).limit).toMatchObject({ name: 'maxDayUsd', value: 1 });
    writeFileSync(join(cwd, '.victorrc'), 'maxDayUsd: 100\n');
    const raised = await ask(['go', '--json', '--trust']);
    expect(JSON.parse(raised.stdout).limit).toMatchObject({ name: 'maxDayUsd', value: 3, spent_usd: 3 });
    expect(server.requests).toHaveLength(6);
  });

  it('--no-session: the process counts what it sees itself', async () => {
    const { ask, server } = await user(calls(1), { maxDayUsd: 2 });
    expect((await ask(['go', '--no-session'])).code).toBe(5);
    expect((await ask(['go', '--no-session'])).code).toBe(5);
    expect(server.requests).toHaveLength(4);
  });

  it('two processes at once cross the budget of the day by no more than the call that each has in flight', async () => {
    const usd = 0.3;
    const step = calls(usd);
    // The first answer waits for the request of the other process: both are in the middle of their turns together.
    let together: Promise<unknown> | undefined;
    const paired: ServerScript = async () => {
      together ??= server.arrival(2);
      await together;
      return { ...step(), delayMs: 30 };
    };
    const { ask, server, store } = await user(paired, { maxDayUsd: 5, maxTokens: 300, maxTurns: 40 });
    const both = await Promise.all([
      ask(['one'], { timeoutMs: 60_000 }),
      ask(['two'], { timeoutMs: 60_000 }),
    ]);
    expect(both.map(({ code }) => code)).toEqual([5, 5]);
    const database = await store();
    const spent = await database.analytics.spending({});
    await database.close();
    expect(spent.providerCalls).toBe(server.requests.length);
    expect(spent.costUsd).toBeGreaterThan(5 - 2 * usd);
    // One alone stops in time; the other may have a call on its way that the first could not see.
    expect(spent.costUsd).toBeLessThanOrEqual(5 + usd + 1e-9);
    for (const { stderr } of both) expect(stderr).toContain('(maxDayUsd)');
    // Had neither seen the other, each would have made sixteen.
    expect(server.requests.length).toBeLessThan(20);
  });
});

describe.concurrent('a fallback under a budget', () => {
  const down: ServerStep = { error: { kind: 'overloaded', message: 'Overloaded' } };

  async function withFallback(prices: object, settings: object = {}) {
    const other = await serve(() => ({ text: 'I am the other one.', usage: cost(0.1) }));
    const { ask, env, server } = await user(() => down, {
      fallback: ['openai/gpt-x'],
      network: { attempts: 2 },
      maxBudgetUsd: 1.5,
      prices: { 'test-model': price, ...prices },
      ...settings,
    });
    const openai = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: other.openAIUrl };
    return { other, server, run: () => ask(['hi', '--json'], { env: { ...env, ...openai } }) };
  }

  it('answers for its own price, and for as many tokens as that price affords', async () => {
    const { other, run } = await withFallback({ 'openai/gpt-x': { input: 0, output: 3_000 } });
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(JSON.parse(stdout).total_cost_usd).toBeCloseTo(0.3);
    const { body } = other.requests[0]!;
    expect(body.max_completion_tokens ?? body.max_tokens).toBe(500);
  });

  it.each([
    ['is too dear', { 'openai/gpt-x': { input: 0, output: 9_000 } }, ''],
    [
      'has no known price',
      {},
      'The fallback openai/gpt-x is not asked while a budget holds: its price is unknown.',
    ],
  ])('is not asked where it %s', async (_case, prices, said) => {
    const { other, server, run } = await withFallback(prices);
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('Overloaded');
    expect(stderr).toContain(said);
    expect([server.requests.length, other.requests.length]).toEqual([2, 0]);
  });
});
