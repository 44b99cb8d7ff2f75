import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

let server: ModelServer;
const cwd = temporaryDirectory();

beforeAll(async () => {
  server = await startModelServer([
    { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] },
    { toolCalls: [{ name: 'Bash', input: { command: 'rm -rf \u001b[31mhere' } }] },
    { text: 'Done.' },
    { text: 'Done again.' },
    { text: 'Used.' },
  ]);
  mkdirSync(join(cwd, '.git'));
  writeFileSync(join(cwd, 'a.txt'), 'one\n');
  writeFileSync(join(cwd, 'AGENTS.md'), 'Be brief.\n');
  const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
  await runVictor(['ask', 'read it\nand more', '--session-id', 'decided', '--trust'], { env, cwd });
  await runVictor(['ask', 'once more', '--session-id', 'decided', '--trust'], { env, cwd });
});
afterAll(() => server.close());

const explain = (...args: string[]) => runVictor(['explain', ...args], { cwd });

describe('victor explain', () => {
  it('prints the decisions of each turn with why and from what, without what a terminal would obey', async () => {
    const { code, stdout, stderr } = await explain('deci');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Turn 1 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}read it$/m);
    expect(stdout).toMatch(/^Turn 2 {2}.* {2}once more$/m);
    expect(stdout).toMatch(/^ {2}toolSelection {2}Offered all \(3 times\)/m);
    expect(stdout).toMatch(/^ {17}All \d+ tools fit\.$/m);
    expect(stdout).toMatch(/files: .*AGENTS\.md/);
    expect(stdout).toMatch(/^ {2}permission {5}Nobody said yes$/m);
    expect(stdout).toMatch(/^ {2}chat {11}The turn ended \[.*tokens/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('prints one turn, and one object with all there is to know', async () => {
    const { stdout } = await explain('decided', '--turn', '2', '--json');
    const { session, turns } = JSON.parse(stdout);
    expect(session).toMatchObject({ id: 'decided', messages: 8 });
    expect(turns).toHaveLength(1);
    expect(turns[0]).toMatchObject({ turn: 2, turn_id: expect.any(String), request: 'once more' });
    const found = turns[0].decisions.find(
      ({ coordinator }: { coordinator: string }) => coordinator === 'provider',
    );
    expect(found).toEqual({
      coordinator: 'provider',
      decision: 'stream',
      outcome: expect.stringMatching(/^Asked anthropic\//),
      reason: 'It is the model of the session.',
      inputs: { chosen: expect.stringMatching(/^anthropic\//), retries: 0, purpose: 'an answer' },
      cost: { ms: expect.any(Number), tokens: expect.any(Number), usd: expect.any(Number) },
      times: 1,
      between_turns: false,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await explain('decided', '--turn', '1')).stdout).not.toContain('once more');
  });

  it('says which turns there are, and that there is no such session', async () => {
    const missing = await explain('decided', '--turn', '9');
    expect([missing.code, missing.stdout]).toEqual([2, '']);
    expect(missing.stderr).toBe(
      'victor: nothing is recorded of a turn 9 of decided. Its turns are 1 to 2.\n',
    );
    const unknown = await explain('nowhere');
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('no session has an id that starts with "nowhere"');
    expect((await explain('decided', '--turn', 'x')).code).toBe(2);
  });

  it('copies them with a fork and lets them go with their session', async () => {
    const copy = (await runVictor(['sessions', 'fork', 'decided'])).stdout.trim();
    const whole = JSON.parse((await explain('decided', '--json')).stdout).turns;
    expect(JSON.parse((await explain(copy, '--json')).stdout).turns).toEqual(whole);
    await runVictor(['sessions', 'reset', copy]);
    expect(JSON.parse((await explain(copy, '--json', '--read-only')).stdout).turns).toEqual(whole);
    await runVictor(['sessions', 'delete', copy]);
    expect((await explain(copy)).code).toBe(2);
  });
});

describe('victor explain of a session in which a key was written', () => {
  it('prints it in neither the request nor the title', async () => {
    const key = 'sk-ant-api03-abcdefghijklmnop';
    const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
    await runVictor(['ask', `use ${key} now`, '--session-id', 'keyed', '--trust'], { env, cwd });
    const [lines, object] = [await explain('keyed'), await explain('keyed', '--json')];
    expect(lines.stdout).toMatch(/^Turn 1 .* {2}use \[redacted\] now$/m);
    const { session, turns } = JSON.parse(object.stdout);
    expect([session.title, turns[0].request]).toEqual(['use [redacted] now', 'use [redacted] now']);
    expect(lines.stdout + object.stdout).not.toContain(key);
  });
});
