import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect } from 'vitest';
import { localDay } from '../../src/storage/local-day.js';
import { cells } from '../../src/ui/break-rows.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { counted, daysAgo, storeCounted } from '../helpers/counted-events.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

async function statsJson(home: string, ...args: string[]) {
  const { code, stdout, stderr } = await runVictor(['stats', '--json', ...args], {
    env: { VICTOR_HOME: home },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('victor stats counts what happened', () => {
  const home = temporaryDirectory();
  const repository = temporaryDirectory();
  const other = temporaryDirectory();

  beforeAll(async () => {
    mkdirSync(join(repository, '.git'));
    mkdirSync(join(repository, 'below'));
    const usage = (input: number) => ({ usage: { inputTokens: input, outputTokens: 10 } });
    const { ask } = await scriptedModel(
      { toolCalls: [{ name: 'List', input: { path: '.' } }], ...usage(1_000) },
      { text: 'Looked.', ...usage(2_000) },
      { toolCalls: [{ name: 'Read', input: { path: 'missing.txt' } }], ...usage(100) },
      { toolCalls: [{ name: 'Bash', input: { command: 'touch made' } }], ...usage(100) },
      { text: 'Refused.', ...usage(100) },
      { text: 'Other.', ...usage(5_000) },
      { text: 'Gone.', ...usage(7_000) },
    );
    const run = (cwd: string, id: string, model = 'claude-sonnet-4-5') =>
      ask(['go', '--session-id', id, '-m', `anthropic/${model}`], { cwd, env: { VICTOR_HOME: home } });
    expect((await run(repository, 'looking')).code).toBe(0);
    expect((await run(join(repository, 'below'), 'refused')).code).toBe(4);
    expect((await run(other, 'elsewhere', 'claude-of-tomorrow')).code).toBe(0);
    expect((await run(other, 'deleted')).code).toBe(0);
    await runVictor(['sessions', 'delete', 'deleted'], { env: { VICTOR_HOME: home } });
  });

  it('by model: a model without a known price is unknown, and the sum says that calls are missing in it', async () => {
    const stats = await statsJson(home);
    expect(stats).toMatchObject({ days: 30, by: 'model', sessions: 4 });
    expect(stats.total).toMatchObject({
      turns: 4,
      provider_calls: 7,
      input: 15_300,
      output: 70,
      unpriced_calls: 1,
    });
    const [priced, unpriced] = stats.groups;
    expect(stats.groups).toHaveLength(2);
    expect(priced).toMatchObject({ model: 'anthropic/claude-sonnet-4-5', sessions: 3, provider_calls: 6 });
    expect(priced.cost_usd).toBeGreaterThan(0);
    expect(unpriced).toMatchObject({
      model: 'anthropic/claude-of-tomorrow',
      input: 5_000,
      cost_usd: null,
      unpriced_calls: 1,
    });
    expect(stats.total.cost_usd).toBe(priced.cost_usd);
    expect(stats.usage).toHaveLength(2);
    expect(stats.usage[0]).toMatchObject({ day: localDay(Date.now()), provider: 'anthropic' });
    const { stdout } = await runVictor(['stats'], { env: { VICTOR_HOME: home } });
    expect(stdout).toMatch(/4 sessions, 4 turns, 7 calls, ≥ \$0\.0\d+, 1 of 7 calls without a known cost\n/);
    expect(stdout).toMatch(/^anthropic\/claude-of-tomorrow .* unknown$/m);
    expect(stdout).toMatch(/^anthropic\/claude-sonnet-4-5 .* \$0\.0\d+ {2}█{24}$/m);
    expect(stdout).toMatch(/^total .* ≥ \$0\.0\d+$/m);
  });

  it('by project: a repository with the folders below it, and what deleted sessions cost', async () => {
    const { groups } = await statsJson(home, '--by', 'project');
    const inputs = Object.fromEntries(
      groups.map(({ project, sessions, input }: Record<string, number>) => [project, [sessions, input]]),
    );
    expect(inputs).toEqual({ [repository]: [2, 3_300], [other]: [1, 5_000], null: [1, 7_000] });
    const { stdout } = await runVictor(['stats', '--by', 'project'], { env: { VICTOR_HOME: home } });
    expect(stdout).toMatch(/^deleted sessions +1 +1 +1 +7k /m);
  });

  it('by session: with its title, its project, and without either once it is deleted', async () => {
    const { groups } = await statsJson(home, '--by', 'session');
    const bySession = new Map(groups.map((group: { session: string }) => [group.session, group]));
    expect([...bySession.keys()].sort()).toEqual(['deleted', 'elsewhere', 'looking', 'refused']);
    expect(bySession.get('looking')).toMatchObject({ title: 'go', project: repository, provider_calls: 2 });
    expect(bySession.get('refused')).toMatchObject({ project: repository, provider_calls: 3, input: 300 });
    expect(bySession.get('deleted')).toMatchObject({ title: null, project: null, input: 7_000 });
  });

  it('by tool: calls that ran, failed and were refused, and how long they took', async () => {
    const { groups } = await statsJson(home, '--by', 'tool');
    const none = { median_ms: null, p95_ms: null, longest_ms: null, total_ms: 0 };
    const time = expect.any(Number);
    const times = { median_ms: time, p95_ms: time, longest_ms: time, total_ms: time };
    expect(groups).toEqual([
      { tool: 'Bash', calls: 1, failed: 0, denied: 1, ...none },
      { tool: 'List', calls: 1, failed: 0, denied: 0, ...times },
      { tool: 'Read', calls: 1, failed: 1, denied: 0, ...times },
    ]);
    const { stdout } = await runVictor(['stats', '--by', 'tool'], { env: { VICTOR_HOME: home } });
    expect(stdout).toMatch(/^Read +1 +1 +0 +\d+ ms +\d+ ms +\d+ ms +\d+ ms +█+$/m);
    expect(stdout).toMatch(/^Bash +1 +0 +1 +0 ms +█+$/m);
  });

  it('an empty history: one line on stderr, and sums of nothing as JSON', async () => {
    const env = { VICTOR_HOME: temporaryDirectory() };
    const { code, stdout, stderr } = await runVictor(['stats'], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('victor: nothing was counted in the last 30 days.\n');
    const empty = await statsJson(env.VICTOR_HOME, '--by', 'tool');
    expect(empty).toMatchObject({ total: { provider_calls: 0, cost_usd: null }, usage: [], groups: [] });
  });
});

describe('victor stats counts local days, each once', () => {
  it.each([
    [
      'a day of 23 and one of 25 hours',
      'America/New_York',
      [
        [
          '2024-03-10',
          ['2024-03-10T05:00:00Z', '2024-03-10T06:59:59Z', '2024-03-10T07:00:00Z', '2024-03-11T03:59:59Z'],
        ],
        ['2024-03-11', ['2024-03-11T04:00:00Z']],
        [
          '2024-11-03',
          ['2024-11-03T04:00:00Z', '2024-11-03T05:30:00Z', '2024-11-03T06:30:00Z', '2024-11-04T04:59:59Z'],
        ],
        ['2024-11-04', ['2024-11-04T05:00:00Z']],
      ],
    ],
    [
      'a day that begins at one in the morning',
      'Africa/Cairo',
      [
        ['2024-04-25', ['2024-04-25T21:59:59Z']],
        ['2024-04-26', ['2024-04-25T22:00:00Z', '2024-04-26T20:59:59Z']],
        ['2024-04-27', ['2024-04-26T21:00:00Z']],
      ],
    ],
    [
      'a zone that is off by three quarters of an hour',
      'Asia/Kathmandu',
      [
        ['2024-01-01', ['2024-01-01T18:14:59Z']],
        ['2024-01-02', ['2024-01-01T18:15:00Z', '2024-01-01T18:29:59Z', '2024-01-01T18:30:00Z']],
      ],
    ],
    [
      'a zone that left a day out',
      'Pacific/Apia',
      [
        ['2011-12-29', ['2011-12-30T09:59:59Z']],
        ['2011-12-31', ['2011-12-30T10:00:00Z', '2011-12-31T09:59:59Z']],
        ['2012-01-01', ['2011-12-31T10:00:00Z']],
      ],
    ],
  ] as const)('%s: %s', async (_case, zone, days) => {
    const home = temporaryDirectory();
    const moments = days.flatMap(([, times]) => times.map((time) => Date.parse(time)));
    await storeCounted(home, [{ id: 's', events: moments.map((moment) => counted(moment, 'claude', 1)) }]);
    const env = { VICTOR_HOME: home, TZ: zone };
    const args = ['--by', 'day', '--days', '1000000', '--json'];
    const { stdout } = await runVictor(['stats', ...args], { env });
    const expected = days.map(([day, times]) => [day, times.length]).reverse();
    const groups = JSON.parse(stdout).groups as { day: string; cost_usd: number }[];
    const byDay = groups.map(({ day, cost_usd }) => [day, cost_usd]);
    expect(byDay.sort((a, b) => (a[0]! < b[0]! ? 1 : -1))).toEqual(expected);
    const sql = 'SELECT day, calls FROM daily_cost ORDER BY day DESC';
    const rows = JSON.parse((await runVictor(['stats', '--sql', sql, '--json'], { env })).stdout);
    expect(rows.map(({ day, calls }: { day: string; calls: number }) => [day, calls])).toEqual(expected);
  });

  it('only the last days that were asked for, from midnight on', async () => {
    const home = temporaryDirectory();
    const midnight = new Date(daysAgo(2)).setHours(0, 0, 0, 0);
    const events = [midnight - 1, midnight, daysAgo(0)].map((moment) => counted(moment, 'claude', 1));
    await storeCounted(home, [{ id: 's', events }]);
    const costs = async (days: string) => (await statsJson(home, '--days', days)).total.cost_usd;
    expect([await costs('1'), await costs('3'), await costs('4')]).toEqual([1, 2, 3]);
  });
});

describe('victor stats on a terminal', () => {
  const home = temporaryDirectory();
  const titles = ['a title', 'die größte Sitzung …', '会議の要約と次の予定', 'x'.repeat(200)];

  beforeAll(() =>
    storeCounted(
      home,
      titles.map((title, index) => ({
        id: `session-${index}-with-a-long-id`,
        cwd: '/work/a/folder/with/a/long/name',
        title,
        events: Array.from({ length: 28 }, (_, day) =>
          counted(daysAgo(day), `a-model-with-a-long-name-${index}`, day % 9 === 4 ? null : day * 0.37, [
            day * 4_000,
            day * 99,
            day * 50_000,
            123,
          ]),
        ),
      })),
    ),
  );

  async function onTerminal(args: readonly string[], columns: number, env: Readonly<Record<string, string>>) {
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'stats', ...args],
      columns,
      env: cleanEnvironment({ VICTOR_HOME: home, TERM: 'xterm-256color', ...env }),
    });
    expect(await pty.exit).toBe(0);
    return pty.bytes().toString('utf8').replaceAll('\r\n', '\n');
  }

  it.each([20, 40, 80, 100, 200])('fits %i columns, whatever the table is by', async (columns) => {
    for (const by of ['model', 'project', 'session', 'day', 'tool']) {
      const lines = stripVTControlCharacters(await onTerminal(['--by', by], columns, {}))
        .trimEnd()
        .split('\n');
      expect(Math.max(...lines.map(cells)), `${by}\n${lines.join('\n')}`).toBeLessThanOrEqual(columns);
      if (by !== 'tool') expect(lines.at(-1)).toMatch(/^total .*\$[\d.]+$/);
      if (columns >= 60 && by !== 'tool') expect(lines.join('\n')).toMatch(/\$[\d.]+ {2}█[█▏▎▍▌▋▊▉]*$/m);
    }
  });

  it('the line over the days is as high as the days were dear, and unknown where nobody knows', async () => {
    const text = stripVTControlCharacters(await onTerminal([], 100, {}));
    const [, line = ''] = /^cost {4}(\S+) {2}most \$39\.96, /m.exec(text) ?? [];
    const height = (cell: string) => '▁▂▃▄▅▆▇█'.indexOf(cell);
    const drawn = [...line].reverse().map((cell) => (cell === '?' ? null : height(cell)));
    const dearest = 27 * 0.37;
    const wanted = Array.from({ length: 28 }, (_, day) => {
      if (day % 9 === 4) return null;
      return day === 0 ? 0 : Math.max(1, Math.round(((day * 0.37) / dearest) * 7));
    });
    expect(drawn).toEqual(wanted);
  });

  it('has colours on a terminal, none with NO_COLOR, and none in a pipe', async () => {
    const escapes = (text: string) => text.includes('\u001b[');
    expect(escapes(await onTerminal([], 80, {}))).toBe(true);
    expect(escapes(await onTerminal([], 80, { NO_COLOR: '1' }))).toBe(false);
    const piped = await runVictor(['stats'], { env: { VICTOR_HOME: home } });
    expect(piped.stdout).toContain('█');
    expect(escapes(piped.stdout)).toBe(false);
  });

  it.each(['model', 'session', 'day', 'project'])(
    'draws with ASCII alone where the locale is not UTF-8: by %s',
    async (by) => {
      const env = { VICTOR_HOME: home, LANG: 'C', LC_ALL: 'C' };
      const { stdout } = await runVictor(['stats', '--by', by], { env });
      expect(stdout.match(/[\u0080-\uffff]/g)).toBeNull();
      expect(stdout).toMatch(/^cost {4}[_.:\-=+*#?]{28} {2}most \$39\.96/m);
      expect(stdout).toMatch(/\$\d+\.\d\d {2}#+$/m);
      const narrow = await onTerminal(['--by', by], 50, { LC_ALL: 'C' });
      expect(narrow.match(/[\u0080-\uffff]/g)).toBeNull();
    },
  );
});
