import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

let server: ModelServer;
const cwd = temporaryDirectory();

beforeAll(async () => {
  server = await startModelServer((body: { messages: { content: unknown }[] }) =>
    JSON.stringify(body.messages.at(-1)?.content).includes('read it')
      ? { text: 'I look.', toolCalls: [{ name: 'Read', input: { path: 'missing.txt' } }] }
      : { text: 'Answered \u001b[31mred\u001b[0m.', usage: { inputTokens: 7, outputTokens: 5 } },
  );
  const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
  for (const [id, prompt] of [
    ['alpha-1', 'read it please'],
    ['alpha-2', 'second question'],
    ['beta-1', 'third question'],
  ] as const) {
    await runVictor(['ask', prompt, '--session-id', id], { env, cwd });
  }
});
afterAll(() => server.close());

const sessions = (...args: string[]) => runVictor(['sessions', ...args]);
const listed = async () =>
  JSON.parse((await sessions('list', '--json')).stdout) as { id: string; title: string }[];

describe('victor sessions', () => {
  it('list shows the newest first, as a table and as JSON', async () => {
    const table = await sessions('list');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    const lines = table.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^id +updated +messages +directory +title$/);
    expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual(['beta-1', 'alpha-2', 'alpha-1']);
    expect(await listed()).toEqual([
      expect.objectContaining({ id: 'beta-1', title: 'third question', messages: 2 }),
      expect.objectContaining({ id: 'alpha-2' }),
      expect.objectContaining({ id: 'alpha-1', cwd, created_at: expect.stringMatching(/^\d{4}-.*Z$/) }),
    ]);
  });

  it('list --limit', async () => {
    const { stdout } = await sessions('list', '--limit', '1', '--json');
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it('show takes the start of an id and prints the conversation without escape bytes', async () => {
    const { code, stdout } = await sessions('show', 'b');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# third question\n[\s\S]*## You\n\nthird question\n\n## Victor\n\nAnswered �red�?\.\n/,
    );
    expect(stdout).not.toContain('\u001b');
  });

  it('show prints tool calls with their results', async () => {
    const { stdout } = await sessions('show', 'alpha-1');
    expect(stdout).toMatch(/\*\*Read\*\* `{"path":"missing.txt"}`[\s\S]*\*\*Read failed:\*\*\n\n```\n/);
  });

  it('an ambiguous start lists what it matches', async () => {
    const result = await sessions('show', 'alpha');
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^victor: "alpha" matches 2 sessions: .*alpha-2.*alpha-1.*\n$/);
  });

  it('an unknown id is exit code 2', async () => {
    expect(await sessions('show', 'gamma')).toMatchObject({ code: 2, stdout: '' });
  });

  it('export writes Markdown or JSON to a new file that only the user may read', async () => {
    const markdown = join(temporaryDirectory(), 'session.md');
    expect((await sessions('export', 'beta-1', '-o', markdown)).code).toBe(0);
    expect(readFileSync(markdown, 'utf8')).toMatch(/^# third question\n/);
    expect(statSync(markdown).mode & 0o777).toBe(0o600);

    const again = await sessions('export', 'beta-1', '-o', markdown);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/exists already/);

    const { stdout } = await sessions('export', 'beta-1', '--format', 'json');
    const { id, log } = JSON.parse(stdout);
    expect(id).toBe('beta-1');
    expect(log[0]).toMatchObject({ sequence: 1, type: 'message', message: { role: 'user' } });
  });

  it('K14: export says how many texts that look like keys it left out', async () => {
    const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
    const key = `ghp_${'k'.repeat(36)}`;
    const home = temporaryDirectory();
    const run = (...args: string[]) => runVictor(args, { env: { ...env, VICTOR_HOME: home }, cwd });
    await run('ask', `what is ${key}, and ${key}?`, '--session-id', 'keys');
    // Its title was made of that, without the keys, when it was stored.
    await run('sessions', 'rename', 'keys', 'a question');
    for (const format of ['md', 'json', 'html']) {
      const { stdout, stderr } = await run('sessions', 'export', 'keys', '--format', format);
      const left = stdout.split('[redacted]').length - 1;
      expect(left).toBeGreaterThanOrEqual(2);
      expect(stderr).toBe(`victor: texts that look like keys and stand as [redacted]: ${left}\n`);
      expect(stdout).not.toContain(key);
    }
    await run('ask', 'hello', '--session-id', 'plain');
    expect((await run('sessions', 'export', 'plain')).stderr).toBe('');
  });

  it('rename, reset and delete change the session that was meant', async () => {
    expect((await sessions('rename', 'alpha-2', 'a', 'better', 'title')).code).toBe(0);
    expect((await listed()).find((one) => one.id === 'alpha-2')?.title).toBe('a better title');

    const nameless = await sessions('rename', 'alpha-2', ' ');
    expect(nameless).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/title needs.*sessions rename/),
    });
    expect((await listed()).find((one) => one.id === 'alpha-2')?.title).toBe('a better title');

    expect((await sessions('reset', 'alpha-2')).stderr).toMatch(/reset alpha-2/);
    expect((await sessions('show', 'alpha-2')).stdout).toMatch(
      /second question[\s\S]*context was reset here/,
    );

    expect((await sessions('delete', 'alpha-2')).stderr).toMatch(/deleted alpha-2 \(a better title\)/);
    expect((await listed()).map((one) => one.id)).toEqual(['beta-1', 'alpha-1']);
  });

  it('resume without a terminal points to ask', async () => {
    const result = await sessions('resume', 'beta-1');
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/terminal/);
  });

  it('an empty history is said, not shown as an error', async () => {
    const env = { VICTOR_HOME: join(temporaryDirectory(), 'new') };
    expect(await runVictor(['sessions', 'list'], { env })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/no sessions yet/),
    });
    expect(await runVictor(['sessions', 'list', '--json'], { env })).toMatchObject({
      code: 0,
      stdout: '[]\n',
    });
  });
});
