import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { finish, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';
import { startEditor } from './editor.js';
import { realFolder } from './folders.js';

const home = () => ({ VICTOR_HOME: temporaryDirectory() });
const initialize = { jsonrpc: '2.0', id: 'first', method: 'initialize', params: { protocolVersion: 1 } };

/** `victor acp`, and what it answers to lines that are written as they are. */
function rawAgent(env: Readonly<Record<string, string>> = home()) {
  const child = startVictor(['acp'], { env, holdInput: true });
  const ended = finish(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const lines: string[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const messages = () => lines.map((line) => JSON.parse(line));
  return {
    ...{ child, ended, exited },
    write: (...all: unknown[]) =>
      child.stdin?.write(
        all.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''),
      ),
    messages,
    async answer(id: unknown) {
      await until(() => messages().some((one) => one.id === id && !one.method));
      return messages().find((one) => one.id === id && !one.method);
    },
    async open(cwd: string) {
      this.write(initialize, request('new', 'session/new', { cwd, mcpServers: [] }));
      return (await this.answer('new')).result.sessionId as string;
    },
  };
}

const request = (id: unknown, method: string, params?: unknown) => ({ jsonrpc: '2.0', id, method, params });
const prompt = (id: string, sessionId: string, text: string) =>
  request(id, 'session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
const cancel = (sessionId: string) => ({ jsonrpc: '2.0', method: 'session/cancel', params: { sessionId } });

describe.concurrent('an editor that breaks, or breaks the protocol', () => {
  it('what is no message is answered with an error, and the next one is served', async () => {
    const agent = rawAgent();
    agent.write(
      ...[
        'this is no JSON',
        '42',
        '{"jsonrpc":"2.0"}',
        '\r',
        '{"jsonrpc":"2.0","id":1,"method":"session/nothing"}',
      ],
      request(2, 'session/new', { cwd: 7 }),
      request(3, 'session/prompt', { sessionId: 'x', prompt: [{ type: 'unheard of' }] }),
      request(4, 'session/prompt', { sessionId: 'x', prompt: [{ type: 'text', text: 'hi' }] }),
      { jsonrpc: '2.0', method: 'session/unheard', params: {} },
      initialize,
    );
    expect((await agent.answer('first')).result.protocolVersion).toBe(1);
    expect((await agent.answer(1)).error.code).toBe(-32601);
    expect((await agent.answer(2)).error.code).toBe(-32602);
    expect((await agent.answer(3)).error.code).toBe(-32602);
    expect((await agent.answer(4)).error).toMatchObject({
      code: -32002,
      message: expect.stringContaining('not open'),
    });
    agent.child.stdin?.end();
    expect(await agent.ended).toMatchObject({ code: 0 });
  });

  it('a newer protocol is answered with the one that is spoken here', async () => {
    const agent = rawAgent();
    agent.write(request(1, 'initialize', { protocolVersion: 99 }));
    expect((await agent.answer(1)).result.protocolVersion).toBe(1);
    agent.child.stdin?.end();
    await agent.ended;
  });

  it('what comes in one piece is done in its order: a prompt and its cancelling, a cancelling and the next prompt', async () => {
    const model = await scriptedModel({ text: 'An answer.' });
    const agent = rawAgent({ ...model.env, ...home() });
    const id = await agent.open(realFolder());
    for (let round = 0; round < 5; round += 1) {
      agent.write(prompt(`a${round}`, id, 'one'), cancel(id));
      expect((await agent.answer(`a${round}`)).result).toEqual({ stopReason: 'cancelled' });
      agent.write(cancel(id), prompt(`b${round}`, id, 'two'));
      expect((await agent.answer(`b${round}`)).result).toEqual({ stopReason: 'end_turn' });
    }
    agent.child.stdin?.end();
    await agent.ended;
  });

  it('a flood of prompts into one session is answered, each with a refusal, while the first one works', async () => {
    const model = await scriptedModel({ stallBeforeHeaders: true });
    const agent = rawAgent({ ...model.env, ...home() });
    const id = await agent.open(realFolder());
    agent.write(
      prompt('works', id, 'go'),
      ...Array.from({ length: 500 }, (_, n) => prompt(`p${n}`, id, 'x')),
    );
    await until(() => model.server.requests.length === 1);
    const refused = (await Promise.all([agent.answer('p0'), agent.answer('p499')])).map(
      ({ error }) => error.code,
    );
    expect(refused).toEqual([-32600, -32600]);
    agent.write(cancel(id));
    expect((await agent.answer('works')).result.stopReason).toBe('cancelled');
    expect(model.server.requests).toHaveLength(1);
    agent.child.stdin?.end();
    await agent.ended;
  });

  it.each([
    ['closes its end', 0],
    ['is killed, so that nobody reads any more', 0],
    ['ends the agent with SIGTERM', 143],
  ])(
    'an editor that %s in the middle of a turn: what was said is kept, and the session is resumed',
    async (how, expected) => {
      const model = await scriptedModel(
        { text: 'It goes on and on and on and on.', chunks: 3, stallAfterBytes: 900 },
        { text: 'Here it is.' },
      );
      const env = { ...model.env, ...home() };
      const cwd = realFolder();
      const editor = await startEditor({ env });
      const id = await editor.open(cwd);
      const turn = editor.prompt(id, 'tell me').catch(() => 'lost');
      await until(() => editor.text(id) !== '');
      const { process: child } = editor;
      if (how.includes('SIGTERM')) child.kill('SIGTERM');
      else if (how.includes('killed')) {
        child.stdout?.destroy();
        child.stdin?.destroy();
      } else child.stdin?.end();
      const { code, stderr } = await editor.ended;
      expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
      await turn;
      const resumed = await runVictor(['ask', '--resume', id, 'go on'], { env, cwd });
      expect(resumed).toMatchObject({ code: 0, stdout: 'Here it is.\n' });
      expect(JSON.stringify(model.lastBody().messages)).toMatch(/tell me[\s\S]*It goes[\s\S]*go on/);
    },
  );

  it('an editor that reads nothing holds up its own turn alone: SIGTERM ends it, with what was said kept', async () => {
    const model = await scriptedModel(
      { text: 'It goes on. '.repeat(200_000), chunks: 2_000 },
      { text: 'Here.' },
    );
    const env = { ...model.env, ...home() };
    const cwd = realFolder();
    const agent = rawAgent(env);
    const id = await agent.open(cwd);
    agent.write(prompt('long', id, 'tell me'));
    await until(() =>
      agent.messages().some(({ params }) => params?.update?.sessionUpdate === 'agent_message_chunk'),
    );
    agent.child.stdout?.pause();
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(143);
    agent.child.stdout?.resume();
    const resumed = await runVictor(['ask', '--resume', id, 'go on'], { env, cwd });
    expect(resumed).toMatchObject({ code: 0, stdout: 'Here.\n' });
    expect(JSON.stringify(model.lastBody().messages)).toMatch(/tell me[\s\S]*It goes on\. [\s\S]*go on/);
  });

  it('an extension that prints does not get between the messages: its words are on standard error', async () => {
    const victor = temporaryDirectory();
    writeFileSync(
      join(victor, 'loud.mjs'),
      `console.log('loud at the start');
       export const create = () => ({ name: 'loud', getContribution() { console.log('loud in a turn'); process.stdout.write('and louder\\n'); return ''; } });`,
    );
    const settings = { contributors: ['base', './loud.mjs'] };
    writeFileSync(join(victor, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
    const model = await scriptedModel({ text: 'Quiet.' });
    const editor = await startEditor({ env: { ...model.env, VICTOR_HOME: victor } });
    const id = await editor.open(realFolder());
    await editor.prompt(id, 'hi');
    expect(editor.text(id)).toBe('Quiet.');
    const { code, stderr } = await editor.close();
    expect(code).toBe(0);
    expect(stderr).toMatch(/loud at the start[\s\S]*loud in a turn[\s\S]*and louder/);
  });

  it('escape sequences of the model reach no editor, also those that come in pieces', async () => {
    const model = await scriptedModel({ text: 'a\u001b]0;title\u0007b\u001b[31mc', chunks: 9, delayMs: 20 });
    const editor = await startEditor({ env: { ...model.env, ...home() } });
    const id = await editor.open(realFolder());
    await editor.prompt(id, 'hi');
    expect(editor.text(id)).toBe('a\ufffdb\ufffdc');
    await editor.close();
  });

  it('many messages in one, which the protocol does not have, end it with a word on standard error', async () => {
    const agent = rawAgent();
    agent.write([initialize]);
    const { code, stderr } = await agent.ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^victor: The editor [^\n]*batch[^\n]*\n$/),
    });
  });

  it('a message larger than any prompt ends it with a word on standard error', async () => {
    const agent = rawAgent();
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 65; count += 1) agent.child.stdin?.write(megabyte);
    const { code, stderr } = await agent.ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^victor: [^\n]*67108864[^\n]*\n$/),
    });
  });

  it('an editor that never closes a session goes on with each: those least used make room and come back as they were', async () => {
    const model = await scriptedModel({ text: 'An answer.' });
    const agent = rawAgent({ ...model.env, ...home() });
    const cwd = realFolder();
    const first = await agent.open(cwd);
    agent.write(prompt('one', first, 'the first prompt'));
    await agent.answer('one');
    agent.write(request('mode', 'session/set_mode', { sessionId: first, modeId: 'read-only' }));
    await agent.answer('mode');
    for (let number = 0; number < 18; number += 1)
      agent.write(request(`s${number}`, 'session/new', { cwd, mcpServers: [] }));
    const answers = await Promise.all(Array.from({ length: 18 }, (_, number) => agent.answer(`s${number}`)));
    expect(answers.filter(({ result }) => result)).toHaveLength(18);
    // The first one is not held any more, and is taken again with the next prompt.
    agent.write(prompt('two', first, 'the second prompt'));
    expect((await agent.answer('two')).result.stopReason).toBe('end_turn');
    expect(JSON.stringify(model.lastBody().messages)).toMatch(/the first prompt[\s\S]*the second prompt/);
    agent.write(
      request('option', 'session/set_config_option', { sessionId: first, configId: 'mode', value: 'ask' }),
    );
    await agent.answer('option');
    const modes = agent.messages().flatMap(({ params }) => params?.update?.currentModeId ?? []);
    expect(modes.at(-1)).toBe('ask');
    expect(modes).toContain('read-only');
    agent.child.stdin?.end();
    expect(await agent.ended).toMatchObject({ code: 0 });
  });

  it('a session with a command in the background makes no room; where each has one, the next one is refused', async () => {
    const numbers = Array.from({ length: 16 }, (_, number) => number);
    const steps = numbers.flatMap((number) => [
      {
        toolCalls: [
          {
            name: 'Bash',
            input: {
              // Waits without a process of its own: sixteen that start one again and again take the machine.
              command: `mkfifo f-${number}; until [ -e go-${number} ]; do read -t 0.2 <> f-${number}; done; touch done-${number}`,
              runInBackground: true,
            },
          },
        ],
      },
      { text: 'It runs.' },
    ]);
    const model = await scriptedModel(...steps);
    const agent = rawAgent({ ...model.env, ...home() });
    const cwd = realFolder();
    const open = async (id: string) => {
      agent.write(request(id, 'session/new', { cwd, mcpServers: [] }));
      return agent.answer(id);
    };
    agent.write(initialize);
    for (const number of numbers) {
      const { sessionId } = (await open(`new-${number}`)).result;
      agent.write(request(`mode-${number}`, 'session/set_mode', { sessionId, modeId: 'yolo' }));
      await agent.answer(`mode-${number}`);
      agent.write(prompt(`run-${number}`, sessionId, 'run it'));
      expect((await agent.answer(`run-${number}`)).result.stopReason).toBe('end_turn');
    }
    expect((await open('too-many')).error.message).toBe(
      '16 sessions are working, or run commands in the background. Wait for one of them, or close one.',
    );
    writeFileSync(join(cwd, 'go-3'), '');
    await until(() => existsSync(join(cwd, 'done-3')));
    for (let tries = 0; (await open(`again-${tries}`)).error; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    // None of the others had to end for it.
    const others = numbers.filter((number) => number !== 3);
    for (const number of others) writeFileSync(join(cwd, `go-${number}`), '');
    await until(() => others.every((number) => existsSync(join(cwd, `done-${number}`))));
    agent.child.stdin?.end();
    expect(await agent.ended).toMatchObject({ code: 0 });
  });
});
