import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { peakMegabytes } from '../helpers/process-figures.js';
import { finish, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { calls, folder, hostileServer, offered } from './servers.js';

const allowed = ['--allowed-tools', 'mcp__bad'];
const done = { text: 'The turn goes on.' };
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Whether a process is there and no zombie. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let looks = 0; !condition(); looks += 1) {
    if (looks > 1_000) throw new Error('it did not come to this');
    await sleep(25);
  }
}

describe.concurrent('an MCP server that', () => {
  it('hangs delays one ask by what the settings say, and is told and ended', async () => {
    const { ask } = folder({ bad: hostileServer('hangs') }, { mcpWaitMs: 300 });
    const { code, stdout, stderr, model } = await ask([done]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(stderr).toContain('Not waited for any longer: bad.');
    expect(offered(model)).toEqual([]);
  });

  it('dies at the start is told in a line with what it said, without its escape sequences', async () => {
    const { ask } = folder({ bad: hostileServer('dies-at-the-start') });
    const { code, stdout, stderr } = await ask([done]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(stderr).toContain(
      'victor: The MCP server bad ended with exit code 1; it said: no licence found. victor mcp test bad tries it again',
    );
    expect(stderr).not.toMatch(control);
  });

  it('is not there is told by the name of the program', async () => {
    const { ask } = folder({ bad: { command: 'no-such-program-here' } });
    const { code, stderr } = await ask([done]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'The MCP server bad was not started: there is no program no-such-program-here on PATH.',
    );
  });

  it('dies in a call: the model reads that the outcome is unknown, and the user why', async () => {
    const { ask } = folder({ bad: hostileServer('dies-in-a-call') });
    const { code, stdout, stderr, model } = await ask([calls('mcp__bad__do'), done], allowed);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(model.toolResults().join()).toMatch(/ended with exit code 3.*out of luck.*not known/);
    expect(stderr).toContain('The MCP server bad ended with exit code 3; it said: out of luck.');
    expect(stderr).not.toMatch(control);
  });

  it('died is started again by the next call', async () => {
    const file = join(temporaryDirectory(), 'state');
    writeFileSync(file, 'lives');
    const { ask } = folder({ bad: hostileServer('dies-once', file) });
    const { code, model } = await ask(
      [calls('mcp__bad__do'), calls('mcp__bad__do', { x: '2' }), done],
      allowed,
    );
    expect(code).toBe(0);
    expect(model.toolResults().at(-1)).toContain('back again');
  });

  it('hangs in a call is given up after its time, and the turn goes on', async () => {
    const { ask } = folder({ bad: { ...hostileServer('hangs-in-a-call'), timeoutMs: 400 } });
    const { code, model } = await ask([calls('mcp__bad__do'), done], allowed);
    expect(code).toBe(0);
    expect(model.toolResults().join()).toContain('did not answer within 0.4 s');
  });

  it.each(['floods-one-line', 'floods-messages'])(
    '%s without end is ended in bounded memory',
    async (mode) => {
      const { cwd, home } = folder({ bad: hostileServer(mode) });
      const model = await scriptedModel(calls('mcp__bad__do'), done);
      const child = startVictor(['ask', 'go', ...allowed], { cwd, env: { ...model.env, VICTOR_HOME: home } });
      let peak = 0;
      const watch = setInterval(() => {
        try {
          const now = peakMegabytes(child.pid!);
          // Nothing is told of one that has ended and was not waited for yet.
          if (now > peak) peak = now;
        } catch {
          // It has ended.
        }
      }, 50);
      const { code, stdout, stderr } = await finish(child);
      clearInterval(watch);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
      expect(stderr).toMatch(
        /The MCP server bad sent (?:a message of more than 16 MB|too much without answering anything), and was ended/,
      );
      expect(peak).toBeGreaterThan(0);
      expect(peak).toBeLessThan(400);
    },
  );

  it('floods its standard error is read and forgotten', async () => {
    const { ask } = folder({ bad: hostileServer('floods-stderr') });
    const { code, model } = await ask([calls('mcp__bad__do'), done], allowed);
    expect(code).toBe(0);
    expect(model.toolResults().join()).toContain('still here');
  });

  it('answers 5 MB: the model reads the beginning and the end, and where the whole is', async () => {
    const { ask } = folder({ bad: hostileServer('long-answer') });
    const { model } = await ask([calls('mcp__bad__do'), done], allowed);
    const [result = ''] = model.toolResults();
    expect(result.length).toBeLessThan(40_000);
    expect(result).toMatch(/start zzz.*left out here; the whole is in .*output-.*zzz end/);
  });

  it('sends terminal escapes in names, descriptions, schemas and results: none reaches the model or the terminal', async () => {
    const { ask, run } = folder({ bad: hostileServer('escapes') });
    const tested = await run('mcp', 'test', 'bad');
    expect(tested.code).toBe(0);
    expect(tested.stdout + tested.stderr).not.toMatch(control);
    const [, name = ''] = /^ {2}(mcp__bad__do\S+)/m.exec(tested.stdout) ?? [];
    const { code, stdout, stderr, model } = await ask([calls(name), done], allowed);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The turn goes on.\n' });
    expect(stderr).not.toMatch(control);
    expect(offered(model)).toContain(name);
    const sent = JSON.stringify(model.server.requests.map(({ body }) => body));
    expect(sent).toContain('before after');
    expect(sent).not.toMatch(/\\u001b|\\u009b|\\u0007|owned|\u{e0041}/u);
  });

  it('fails with a long text full of terminal escapes: a short one without them is told', async () => {
    const { ask, run } = folder({ bad: hostileServer('refuses-its-list') });
    const { code, stderr } = await ask([done]);
    expect(code).toBe(0);
    expect(stderr).toContain('The MCP server bad cannot be used:');
    expect(stderr).not.toMatch(control);
    expect(stderr.length).toBeLessThan(5_000);
    const tested = await run('mcp', 'test', 'bad');
    expect(tested).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be used: MCP error') });
    expect(tested.stderr).not.toMatch(control);
    expect(tested.stderr.length).toBeLessThan(5_000);
  });

  it('says without end that its tools have changed is asked more and more seldom', async () => {
    const file = join(temporaryDirectory(), 'lists');
    const { ask } = folder({ bad: hostileServer('tells-of-changes', file) });
    const started = performance.now();
    const { code } = await ask([calls('mcp__bad__do'), done], allowed);
    expect(code).toBe(0);
    const lists = readFileSync(file, 'utf8').split('\n').length - 1;
    const seconds = (performance.now() - started) / 1_000;
    // At the start, at once, and then at least one second apart, twice as late each time.
    expect(lists).toBeLessThanOrEqual(3 + Math.log2(seconds + 1));
  });

  it('answers nonsense: the call fails in words', async () => {
    const { ask } = folder({ bad: hostileServer('nonsense') });
    const { code, model } = await ask([calls('mcp__bad__do'), done], allowed);
    expect(code).toBe(0);
    expect(model.toolResults().join()).toContain('The MCP server bad refused the call');
  });

  it('has a schema too large for a model: that tool is left out and named, the other one is offered', async () => {
    const { ask } = folder({ bad: hostileServer('huge-schema') });
    const { stderr, model } = await ask([done]);
    expect(stderr).toContain('has tools whose input cannot be described to a model: do.');
    expect(offered(model)).toEqual(['mcp__bad__other']);
  });

  it('never says which prompts it has: its tools are offered all the same', async () => {
    const { ask } = folder({ bad: hostileServer('keeps-its-prompts') });
    const { code, model } = await ask([calls('mcp__bad__do'), done], allowed);
    expect(code).toBe(0);
    expect(model.toolResults().join()).toContain('do was done');
  });

  it('changes a tool in a session: it is not called any more, and the user is told', async () => {
    const { ask } = folder({ bad: hostileServer('changes-in-a-call') });
    const { code, stderr, model } = await ask(
      [calls('mcp__bad__do'), calls('mcp__bad__do', { x: '2' }), done],
      allowed,
    );
    expect(code).toBe(0);
    expect(model.toolResults()[0]).toContain('do was done');
    expect(model.toolResults().at(-1)).toContain('has changed since the user approved it');
    expect(stderr).toContain(
      'The MCP server bad has other tools than you approved, which are not called: do.',
    );
    expect(JSON.stringify(model.lastBody())).not.toContain('sends your files away');
  });

  it('leaves a child behind: with Victor both are gone', async () => {
    const file = join(temporaryDirectory(), 'pids');
    const { ask } = folder({ bad: hostileServer('leaves-a-child', file) });
    expect((await ask([done])).code).toBe(0);
    const pids = readFileSync(file, 'utf8').split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await until(() => !pids.some(lives));
  });

  it('is started gets no key of the environment, but what its definition names', async () => {
    const secrets = {
      OPENAI_API_KEY: 'sk-canary-0123456789',
      MY_TOKEN: 'token-canary-0123456789',
      NODE_OPTIONS: '--no-warnings',
    };
    const named = {
      ...hostileServer('environment'),
      env: { GIVEN: 'as written', TAKEN: `\${PLAIN:-usual}` },
    };
    const { ask } = folder({ bad: named }, {}, { ...secrets, PLAIN: 'from outside' });
    const { model } = await ask([calls('mcp__bad__do'), done], allowed);
    const result = model.toolResults().join();
    expect(result).toContain('as written');
    expect(result).toContain('from outside');
    expect(result).not.toMatch(/canary|no-warnings|NODE_OPTIONS/);
  });

  it('needs a variable that is not set is not started', async () => {
    const log = join(temporaryDirectory(), 'log');
    const { ask } = folder({ bad: { ...hostileServer('counts', log), env: { X: `\${NOT_SET_HERE}` } } });
    const { code, stderr } = await ask([done]);
    expect(code).toBe(0);
    expect(stderr).toContain('needs the environment variable NOT_SET_HERE, which is not set.');
    expect(existsSync(log)).toBe(false);
  });
});
