import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ModelServer, type ServerStep, startModelServer } from '../helpers/model-server.js';
import {
  finish,
  runShell,
  runVictor,
  startVictor,
  temporaryDirectory,
  type VictorOptions,
} from '../helpers/run-victor.js';

let server: ModelServer;
/** What the model says to the next requests; the last step answers all that follow. */
let steps: ServerStep[] = [];
let seen = 0;

beforeAll(async () => {
  server = await startModelServer(() => steps[Math.min(seen++, steps.length - 1)] ?? { text: 'hi' });
});
afterAll(() => server.close());
beforeEach(() => {
  steps = [{ text: 'The answer.' }];
  seen = 0;
});

const model = () => ({ ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' });
const ask = (args: readonly string[], options: VictorOptions = {}) =>
  runVictor(['ask', ...args], { ...options, env: { ...model(), ...options.env } });

type Block = { type: string; text?: string; content?: unknown; is_error?: boolean };

interface Body {
  readonly model: string;
  readonly system: unknown;
  readonly messages: readonly { content: string | Block[] }[];
}

function lastBody(): Body {
  const request = server.requests.at(-1);
  if (!request) throw new Error('the model was not asked');
  return request.body;
}

/** The last user message of the last request, as text. */
function lastPrompt(): string {
  const { content = '' } = lastBody().messages.at(-1) ?? {};
  return typeof content === 'string' ? content : content.map((block) => block.text ?? '').join('');
}

describe('victor ask: the prompt', () => {
  it('words become one prompt, and the answer is all of stdout', async () => {
    const result = await ask(['what', 'is', 'this?']);
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('what is this?');
  });

  it('-p asks as well, wherever it stands', async () => {
    const result = await runVictor(['-q', '--print', '--max-turns', '3', 'hello there'], { env: model() });
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('hello there');
  });

  it('what is piped in follows the prompt as a labelled block', async () => {
    const result = await ask(['review this'], { input: 'diff --git a b\n+x\n' });
    expect(result.code).toBe(0);
    expect(lastPrompt()).toBe('review this\n\n<stdin>\ndiff --git a b\n+x\n</stdin>');
  });

  it.each([
    ['-', ['-']],
    ['no argument', []],
  ])('with %s the standard input is the prompt', async (_, args) => {
    const result = await ask(args, { input: 'what is this?\n' });
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('what is this?');
  });

  it('an empty pipe adds nothing', async () => {
    await ask(['hello'], { input: '' });
    expect(lastPrompt()).toBe('hello');
  });

  it('standard input is cut at 256 kB, between characters, and both the user and the model are told', async () => {
    const result = await ask(['count'], { input: `x${'é'.repeat(200_000)}` });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/longer than 256 kB/);
    const block = /<stdin>\n(x(é+))\n<\/stdin>\n\[cut after 256 kB; more followed\]$/.exec(lastPrompt());
    expect(block?.[2]?.length).toBe((256 * 1024 - 2) / 2);
  });

  it('an endless pipe is read no further than it counts', async () => {
    const result = await runShell('yes | victor ask "what is this?"', { env: model() });
    expect(result.stdout).toBe('The answer.\n');
    // `yes` ends with SIGPIPE, which pipefail reports.
    expect([0, 141]).toContain(result.code);
  });

  it('a slow writer is waited for', async () => {
    const result = await runShell('(sleep 0.5; echo late) | victor ask "read"', { env: model() });
    expect(result.code).toBe(0);
    expect(lastPrompt()).toContain('late');
  });

  it('a parent that never closes the input of its child gets its answer all the same', async () => {
    const child = startVictor(['ask', 'hello'], { env: model(), holdInput: true });
    const result = await finish(child);
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(result.stderr).toMatch(/nothing came on standard input/);
  });

  it.each(['<&-', '</dev/null', '<file'])('standard input %s is no trouble', async (redirection) => {
    const result = await runShell(`touch file; victor ask hello ${redirection}`, { env: model() });
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('hello');
  });

  it('a file on standard input is read', async () => {
    await runShell('echo content > file; victor ask hello < file', { env: model() });
    expect(lastPrompt()).toBe('hello\n\n<stdin>\ncontent\n</stdin>');
  });
});

describe('victor ask: the answer', () => {
  it('comes as it is said, before it is complete', async () => {
    steps = [{ text: 'first second third', chunks: 3, delayMs: 250 }];
    const result = await runShell(
      `victor ask hi | { IFS= read -r -n 5 start; echo "[$start] at $(($(date +%s%N)/1000000))"; cat >/dev/null; }; echo "end at $(($(date +%s%N)/1000000))"`,
      { env: model() },
    );
    const [, start = '', at = ''] = /^\[(.*)\] at (\d+)/m.exec(result.stdout) ?? [];
    const [, end = ''] = /^end at (\d+)/m.exec(result.stdout) ?? [];
    expect('first second third').toContain(start);
    expect(start).not.toBe('');
    expect(Number(end) - Number(at)).toBeGreaterThan(200);
  });

  it('E13: no escape byte reaches a pipe, even if the model sends some and colours are forced', async () => {
    steps = [{ text: 'a\u001b[31mred\u001b]52;c;aGk=\u0007\u009b2Jb', chunks: 9 }];
    const result = await ask(['hi'], { env: { FORCE_COLOR: '3', COLORTERM: 'truecolor' } });
    expect(result.stdout).toBe('aredb\n');
  });

  it('progress is on stderr, and gone with -q', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'content\n');
    const look = [
      { text: 'I look.', toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] },
      { text: 'Seen.' },
    ];
    steps = look;
    const loud = await ask(['read'], { cwd });
    expect(loud).toMatchObject({ code: 0, stdout: 'I look.\n\nSeen.\n' });
    expect(loud.stderr).toMatch(/Read a\.txt/);
    expect(loud.stderr).not.toContain('\u001b');
    seen = 0;
    const quiet = await ask(['read', '-q'], { cwd });
    expect(quiet).toMatchObject({ code: 0, stdout: 'I look.\n\nSeen.\n', stderr: '' });
  });

  it('--json is one object with everything a script needs', async () => {
    steps = [
      { text: 'Fine.', usage: { inputTokens: 10, outputTokens: 4, cacheReadTokens: 3, cacheWriteTokens: 2 } },
    ];
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
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ model: 'priced-model', prices }));
    steps = [{ text: 'Fine.', usage: { inputTokens: 1, outputTokens: 1 } }];
    const priced = await ask(['hi', '--json', '--trust'], { cwd });
    expect(JSON.parse(priced.stdout).total_cost_usd).toBe(3);
    const unpriced = await ask(['hi', '--json', '-m', 'anthropic/nobody-knows-it']);
    expect(JSON.parse(unpriced.stdout).total_cost_usd).toBeNull();
  });

  it('stream-json is one object a line: init, events, result', async () => {
    steps = [{ text: 'one two', chunks: 2 }];
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
    const result = await runShell(
      'victor ask hi --output-format stream-json | jq -r "select(.type==\\"result\\").result"',
      {
        env: model(),
      },
    );
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
  });

  it('2,000 chunks arrive whole', async () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `word${index} `).join('');
    steps = [{ text, chunks: 2_000 }];
    expect((await ask(['hi'])).stdout).toBe(`${text}\n`);
  });

  it('a large answer into a slow pipe is drained before the process ends', async () => {
    steps = [{ text: `${'x'.repeat(99)}\n`.repeat(5_000) }];
    const result = await runShell('victor ask hi | { sleep 1; wc -c; }', { env: model() });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout.trim()).toBe('500000');
  });
});

describe('victor ask: what it may do', () => {
  /** Read, edit, run, done. */
  const task: ServerStep[] = [
    { text: 'I read it.', toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }] },
    { toolCalls: [{ name: 'Edit', input: { path: 'greeting.txt', oldText: 'hello', newText: 'goodbye' } }] },
    { toolCalls: [{ name: 'Bash', input: { command: 'cat greeting.txt; echo "env=[$NODE_ENV]"' } }] },
    { text: 'Done.' },
  ];
  const folder = () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'greeting.txt'), 'hello\n');
    return cwd;
  };
  const toolResults = () => {
    const blocks = lastBody().messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    return blocks.filter((block) => block.type === 'tool_result').map((block) => JSON.stringify(block));
  };

  it('reads, edits and runs with --permission-mode accept-edits and --allowed-tools Bash', async () => {
    steps = task;
    const cwd = folder();
    const flags = ['--permission-mode', 'accept-edits', '--allowed-tools', 'Bash'];
    const result = await ask(['change the greeting', ...flags], { cwd });
    expect(result).toMatchObject({ code: 0, stdout: 'I read it.\n\nDone.\n' });
    expect(readFileSync(join(cwd, 'greeting.txt'), 'utf8')).toBe('goodbye\n');
    expect(result.stderr).toMatch(/Read greeting\.txt[\s\S]*Edit greeting\.txt[\s\S]*Bash cat/);
    expect(toolResults().at(-1)).toContain('goodbye');
  });

  it('programs it runs get the NODE_ENV of the user, none included', async () => {
    steps = task;
    const flags = ['--permission-mode', 'yolo'];
    await ask(['go', ...flags], { cwd: folder() });
    expect(toolResults().at(-1)).toContain('env=[]');
    seen = 0;
    await ask(['go', ...flags], { cwd: folder(), env: { NODE_ENV: 'test' } });
    expect(toolResults().at(-1)).toContain('env=[test]');
  });

  it('refuses what it may not do with exit code 4; the answer is printed all the same', async () => {
    steps = task;
    const cwd = folder();
    const result = await ask(['change the greeting'], { cwd });
    expect(result).toMatchObject({ code: 4, stdout: 'I read it.\n\nDone.\n' });
    expect(readFileSync(join(cwd, 'greeting.txt'), 'utf8')).toBe('hello\n');
    expect(result.stderr).toMatch(/2 tool calls were refused \(Edit, Bash\).*--allowed-tools Edit,Bash/);
  });

  it('--json names the refused calls', async () => {
    steps = task;
    const result = await ask(['change it', '--json', '--permission-mode', 'accept-edits'], { cwd: folder() });
    expect(result.code).toBe(4);
    expect(JSON.parse(result.stdout)).toMatchObject({
      result: 'Done.',
      is_error: false,
      num_turns: 4,
      permission_denials: [
        { tool: 'Bash', title: expect.stringContaining('cat'), reason: expect.any(String) },
      ],
    });
  });

  it('--disallowed-tools wins over every mode', async () => {
    steps = task;
    const cwd = folder();
    const result = await ask(['go', '--permission-mode', 'yolo', '--disallowed-tools', 'Edit Bash'], { cwd });
    expect(result.code).toBe(4);
    expect(readFileSync(join(cwd, 'greeting.txt'), 'utf8')).toBe('hello\n');
  });

  it('--cwd is where it works', async () => {
    steps = task;
    const cwd = folder();
    await ask(['go', '--cwd', cwd, '--permission-mode', 'yolo']);
    expect(readFileSync(join(cwd, 'greeting.txt'), 'utf8')).toBe('goodbye\n');
  });

  it('--append-system-prompt ends the system prompt', async () => {
    await ask(['hi', '--append-system-prompt', 'Answer in Latin.']);
    expect(JSON.stringify(lastBody().system)).toContain('Answer in Latin.');
  });

  it('--model is the model that is asked for', async () => {
    await ask(['hi', '-m', 'anthropic/claude-haiku-4-5']);
    expect(lastBody()).toMatchObject({ model: 'claude-haiku-4-5' });
    await ask(['hi', '-m', 'claude-opus-4-5']);
    expect(lastBody()).toMatchObject({ model: 'claude-opus-4-5' });
  });

  it('--max-turns ends a turn with exit code 5', async () => {
    steps = [{ text: 'Again.', toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }] }];
    const result = await ask(['loop', '--max-turns', '2', '--json'], { cwd: folder() });
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ num_turns: 2, stop_reason: 'limit' });
    expect(result.stderr).toMatch(/limit.*--max-turns.*--resume/);
  });

  it('an answer that the output limit cut is printed with exit code 5', async () => {
    steps = [{ text: 'Half an ans', stopReason: 'max-tokens' }];
    const result = await ask(['hi']);
    expect(result).toMatchObject({ code: 5, stdout: 'Half an ans\n' });
    expect(result.stderr).toMatch(/maxTokens/);
  });

  it('a refusal of the model is exit code 1', async () => {
    steps = [{ text: 'I will not.', stopReason: 'refusal' }];
    expect(await ask(['hi'])).toMatchObject({ code: 1, stdout: 'I will not.\n' });
  });
});

describe('victor ask: provider trouble', () => {
  it('a rejected key is one line and exit code 1', async () => {
    steps = [{ error: { kind: 'authentication', message: 'invalid x-api-key' } }];
    const result = await ask(['hi']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^victor: [^\n]+\n$/);
    expect(result.stderr).not.toContain('test-key');
  });

  it('with --json the object says so too', async () => {
    steps = [{ error: { kind: 'authentication', message: 'invalid x-api-key' } }];
    const result = await ask(['hi', '--json']);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({
      is_error: true,
      error: { code: 'provider-authentication', message: expect.any(String) },
    });
  });

  it('a stream that is cut is never exit code 0; what was said is kept', async () => {
    steps = [{ text: 'This is the beginning of', chunks: 4, cutAfterBytes: 900 }];
    const result = await ask(['hi', '--json']);
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout).is_error).toBe(true);
  });

  it('a host that is not there is one line and exit code 1', async () => {
    const result = await ask(['hi'], { env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' } });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr.trimEnd().split('\n').at(-1)).toMatch(/^victor: /);
  });

  it('a wait before the next attempt is said on stderr', async () => {
    steps = [{ error: { kind: 'overloaded', message: 'busy' } }, { text: 'Now.' }];
    const result = await ask(['hi']);
    expect(result).toMatchObject({ code: 0, stdout: 'Now.\n' });
    expect(result.stderr).toMatch(/^victor: .*busy\. Asking again in \d+ s\./m);
  });
});

describe('victor ask: sessions', () => {
  const messagesSent = () => lastBody().messages.length;

  it('--continue goes on with the latest session of the directory, and says so when there is none', async () => {
    const cwd = temporaryDirectory();
    const none = await ask(['hi', '-c'], { cwd });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/no session of this directory/);
    await ask(['first'], { cwd });
    await ask(['elsewhere']);
    await ask(['second', '-c'], { cwd });
    expect(messagesSent()).toBe(3);
  });

  it('--resume takes the id or the start of it', async () => {
    const { session_id: id } = JSON.parse((await ask(['first', '--json'])).stdout);
    await ask(['second', '--resume', id.slice(0, 13)]);
    expect(messagesSent()).toBe(3);
    const third = JSON.parse((await ask(['third', '-r', id, '--json'])).stdout);
    expect(third.session_id).toBe(id);
    expect(messagesSent()).toBe(5);
  });

  it('--session-id is created on first use and gone on with afterwards', async () => {
    const first = JSON.parse((await ask(['one', '--session-id', 'ticket-42', '--json'])).stdout);
    expect(first.session_id).toBe('ticket-42');
    await ask(['two', '--session-id', 'ticket-42']);
    expect(messagesSent()).toBe(3);
  });

  it('--no-session leaves nothing in the list', async () => {
    const cwd = temporaryDirectory();
    expect((await ask(['a secret errand', '--no-session'], { cwd })).code).toBe(0);
    const { stdout } = await runVictor(['sessions', 'list', '--json']);
    expect(stdout).not.toContain('a secret errand');
  });

  it('two at once on one database both answer', async () => {
    const results = await Promise.all([ask(['a']), ask(['b']), ask(['c']), ask(['d'])]);
    expect(results.map((result) => [result.code, result.stdout])).toEqual(
      Array(4).fill([0, 'The answer.\n']),
    );
  });
});

describe('victor ask without a key', () => {
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
