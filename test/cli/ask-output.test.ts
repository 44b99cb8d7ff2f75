import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { finish, runShell, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

describe.concurrent('victor ask: the answer', () => {
  it('comes as it is said, before it is complete', async () => {
    const { env } = await scriptedModel({ text: 'first second third', chunks: 3, delayMs: 300 });
    const child = startVictor(['ask', 'hi'], { env });
    const ended = finish(child);
    const [start] = (await once(child.stdout!, 'data')) as [Buffer];
    expect(start.toString()).toMatch(/^first\b/);
    expect(start.toString()).not.toContain('third');
    expect(await ended).toMatchObject({ code: 0, stdout: 'first second third\n' });
  });

  it('E13: no escape byte reaches a pipe, even if the model sends some and colours are forced', async () => {
    const { ask } = await scriptedModel({ text: 'a\u001b[31mred\u001b]52;c;aGk=\u0007\u009b2Jb', chunks: 9 });
    const result = await ask(['hi'], { env: { FORCE_COLOR: '3', COLORTERM: 'truecolor' } });
    expect(result.stdout).toBe('a�red�b\n');
  });

  it('an exporter that fails is said once on stderr, though it fails only in the end', async () => {
    const cwd = temporaryDirectory();
    const exporter = ['file', { path: join(cwd, 'missing/x.jsonl') }];
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ exporters: [exporter] }));
    const { ask } = await scriptedModel({ text: 'Fine.' });
    const result = await ask(['hi', '--trust', '-q'], { cwd });
    expect(result).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    expect(result.stderr.match(/^victor: the exporter file failed: .*missing\/x\.jsonl.*$/gm)).toHaveLength(
      1,
    );
  });

  it('progress is on stderr, and gone with -q', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'content\n');
    const look = { text: 'I look.', toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const { ask } = await scriptedModel(look, { text: 'Seen.' }, look, { text: 'Seen.' });
    const loud = await ask(['read'], { cwd });
    expect(loud).toMatchObject({ code: 0, stdout: 'I look.\n\nSeen.\n' });
    expect(loud.stderr).toMatch(/Read a\.txt/);
    expect(loud.stderr).not.toContain('\u001b');
    const quiet = await ask(['read', '-q'], { cwd });
    expect(quiet).toMatchObject({ code: 0, stdout: 'I look.\n\nSeen.\n', stderr: '' });
  });

  it('--json is one object with everything a script needs', async () => {
    const usage = { inputTokens: 10, outputTokens: 4, cacheReadTokens: 3, cacheWriteTokens: 2 };
    const { ask } = await scriptedModel({ text: 'Fine.', usage });
    const { code, stdout } = await ask(['hi', '--json']);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'Fine.',
      session_id: expect.stringMatching(/^[\w-]{8,}$/),
      usage: { input: 10, output: 4, cache_read: 3, cache_write: 2 },
      num_turns: 1,
      is_error: false,
      permission_denials: [],
      duration_ms: expect.any(Number),
    });
    expect(JSON.parse(stdout)).toHaveProperty('total_cost_usd');
  });

  it('the cost is the price of each tier, and null when no price is known', async () => {
    const cwd = temporaryDirectory();
    const prices = { 'priced-model': { input: 1_000_000, output: 2_000_000 } };
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ prices }), { mode: 0o600 });
    const env = { VICTOR_HOME: home };
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ model: 'priced-model' }));
    const { ask } = await scriptedModel({ text: 'Fine.', usage: { inputTokens: 1, outputTokens: 1 } });
    const priced = await ask(['hi', '--json', '--trust'], { cwd, env });
    expect(JSON.parse(priced.stdout).total_cost_usd).toBe(3);
    const unpriced = await ask(['hi', '--json', '-m', 'anthropic/nobody-knows-it']);
    expect(JSON.parse(unpriced.stdout).total_cost_usd).toBeNull();
  });

  it('without a price of yours the cost is by the list price, each tier apart; yours goes before it', async () => {
    const usage = { inputTokens: 1_000, outputTokens: 2_000, cacheReadTokens: 100_000 };
    const written = { cacheWriteTokens: 30_000, cacheWrite1hTokens: 10_000, reasoningTokens: 500 };
    const { ask } = await scriptedModel({ text: 'Fine.', usage: { ...usage, ...written } });
    const listed = JSON.parse((await ask(['hi', '--json', '-m', 'anthropic/claude-opus-4-5'])).stdout);
    // 1,000 × 5 + 2,000 × 25 + 100,000 × 0.5 + 20,000 × 6.25 + 10,000 × 10, a million tokens each.
    expect(listed.total_cost_usd).toBeCloseTo(0.33, 9);
    expect(listed.usage).toEqual({
      input: 1_000,
      output: 2_000,
      cache_read: 100_000,
      cache_write: 30_000,
      cache_write_1h: 10_000,
      reasoning: 500,
    });
    const home = temporaryDirectory();
    const longContext = [
      { above: 100_000, input: 0, output: 1_000, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 100 },
    ];
    const prices = { 'claude-opus-4-5': { input: 9, output: 9, longContext } };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ prices }), { mode: 0o600 });
    const env = { VICTOR_HOME: home };
    const own = await ask(['hi', '--json', '-m', 'anthropic/claude-opus-4-5'], { env });
    expect(JSON.parse(own.stdout).total_cost_usd).toBeCloseTo(2 + 1, 9);
  });

  it('stream-json is one object a line: init, events, result', async () => {
    const { ask } = await scriptedModel({ text: 'one two', chunks: 2, delayMs: 50 });
    const { code, stdout } = await ask(['hi', '--output-format', 'stream-json']);
    expect(code).toBe(0);
    expect(stdout.endsWith('}\n')).toBe(true);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'system', subtype: 'init', provider: 'anthropic' });
    expect(lines[0].tools).toContain('Read');
    expect(lines.at(-1)).toMatchObject({ type: 'result', result: 'one two', is_error: false });
    expect(new Set(lines.slice(1, -1).map((line) => line.sessionId))).toEqual(new Set([lines[0].session_id]));
    const types = lines.map((line) => line.type);
    expect(types.indexOf('turn-start')).toBeLessThan(types.indexOf('text-delta'));
    expect(types.filter((type) => type === 'text-delta').length).toBeGreaterThan(1);
    expect(types.at(-2)).toBe('turn-end');
  });

  it('stream-json goes through jq', async () => {
    const { env } = await scriptedModel();
    const line = 'victor ask hi --output-format stream-json | jq -r "select(.type==\\"result\\").result"';
    expect(await runShell(line, { env })).toMatchObject({ code: 0, stdout: 'The answer.\n' });
  });

  it('2,000 chunks arrive whole', async () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `word${index} `).join('');
    const { ask } = await scriptedModel({ text, chunks: 2_000 });
    expect((await ask(['hi'])).stdout).toBe(`${text}\n`);
  });

  it('a large answer into a slow pipe is drained before the process ends', async () => {
    const { env } = await scriptedModel({ text: `${'x'.repeat(99)}\n`.repeat(5_000) });
    const result = await runShell('victor ask hi | { sleep 1; wc -c; }', { env });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout.trim()).toBe('500000');
  });
});

describe.concurrent('victor ask: provider trouble', () => {
  const rejected = { error: { kind: 'authentication', message: 'invalid x-api-key' } } as const;

  it('a rejected key is one line and exit code 1', async () => {
    const { ask } = await scriptedModel(rejected);
    const result = await ask(['hi']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^victor: [^\n]+\n$/);
    expect(result.stderr).not.toContain('test-key');
  });

  it('with --json the object says so too', async () => {
    const { ask } = await scriptedModel(rejected);
    const result = await ask(['hi', '--json']);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({
      is_error: true,
      error: { code: 'provider-authentication', message: expect.any(String) },
    });
  });

  it('a stream that is cut is never exit code 0', async () => {
    const { ask } = await scriptedModel({ text: 'This is the beginning of', chunks: 4, cutAfterBytes: 900 });
    const result = await ask(['hi', '--json']);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout).is_error).toBe(true);
  });

  it('a host that is not there is one line after the last attempt, and exit code 1', async () => {
    const { ask } = await scriptedModel();
    const result = await ask(['hi'], { env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' } });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    const lines = result.stderr.trimEnd().split('\n');
    expect(lines.every((line) => line.startsWith('victor: '))).toBe(true);
  });

  it('a wait before the next attempt is said on stderr', async () => {
    const { ask } = await scriptedModel({ error: { kind: 'overloaded', message: 'busy' } }, { text: 'Now.' });
    const result = await ask(['hi']);
    expect(result).toMatchObject({ code: 0, stdout: 'Now.\n' });
    expect(result.stderr).toMatch(/^victor: .*busy\. Asking again in \d+ s\./m);
  });
});

describe.concurrent('victor ask without a key', () => {
  it('says on stderr that no model answers, and answers; silent about it when the user chose so', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'answer.txt'), 'The answer is decided in this file.\n');
    const result = await runVictor(['ask', 'where is the answer decided?'], { cwd });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('answer.txt:1');
    expect(result.stderr).toMatch(/^victor: no model is set up.*ANTHROPIC_API_KEY/m);
    const chosen = await runVictor(['ask', 'where is the answer decided?', '-m', 'offline', '-q'], { cwd });
    expect(chosen).toMatchObject({ code: 0, stderr: '' });
  });
});
