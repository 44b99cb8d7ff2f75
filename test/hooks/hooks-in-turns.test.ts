import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls, place, says, verdict } from './places.js';

const touch = calls('Bash', { command: 'touch made' });
const done = { text: 'Done.' };

describe.concurrent('hooks of the user around a turn', () => {
  it('each is told what happens as JSON, in the order of a session', async () => {
    const log = 'cat >> "$VICTOR_PROJECT_DIR/log"';
    const here = place(
      {
        ...{ SessionStart: log, UserPromptSubmit: log, PreToolUse: log, PostToolUse: log, Stop: log },
        ...{ Notification: log, SessionEnd: log },
      },
      { permissions: { allow: ['Bash'] } },
    );
    const { code, stderr } = await here.ask([touch, done]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('hook') });
    const told = here
      .read('log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [id] = told.map((one) => one.session_id);
    expect(id).toMatch(/^[\w-]{8,}$/);
    const common = { session_id: id, cwd: here.cwd };
    const tool = {
      tool_name: 'Bash',
      tool_input: { command: 'touch made' },
      tool_use_id: expect.any(String),
    };
    const mode = { permission_mode: 'ask' };
    expect(told).toEqual([
      { ...common, ...mode, hook_event_name: 'SessionStart', source: 'startup' },
      { ...common, ...mode, hook_event_name: 'UserPromptSubmit', prompt: 'go' },
      { ...common, ...mode, hook_event_name: 'PreToolUse', ...tool },
      {
        ...{ ...common, ...mode, hook_event_name: 'PostToolUse', ...tool },
        tool_response: { content: expect.stringContaining('Exit code 0'), is_error: false },
      },
      { ...common, ...mode, hook_event_name: 'Stop', stop_hook_active: false },
      { ...common, hook_event_name: 'SessionEnd', reason: 'exit' },
    ]);
  });

  it('none is told a key that Victor holds, neither by a message nor by a call nor by its result', async () => {
    const [key, log] = ['0123-a-key-of-the-service-4567', 'cat >> log'];
    const here = place(
      { UserPromptSubmit: log, PreToolUse: log, PostToolUse: log },
      { permissions: { mode: 'yolo' } },
      { SERVICE_TOKEN: key },
    );
    const echo = calls('Bash', { command: `echo ${key} | tee made` });
    const { code } = await here.ask([echo, done], [`with ${key}`]);
    expect({ code, made: here.read('made') }).toEqual({ code: 0, made: `${key}\n` });
    expect(here.read('log')).toMatch(
      /"prompt":"[^"]*\[redacted\].*"command":"echo \[redacted\] \| tee made"/s,
    );
    expect(here.read('log')).not.toContain(key);
  });

  it.each([
    ['Edit|Write', false],
    ['apply_patch', false],
    ['Bash|Read', true],
  ])('a matcher %s and a patch: it runs: %s', async (matcher, runs) => {
    const command = 'grep -q \'"tool_name":"apply_patch"\' && { echo no edits >&2; exit 2; }';
    const here = place({ PreToolUse: { matcher, command } }, { permissions: { mode: 'yolo' } });
    const input = '*** Begin Patch\n*** Add File: made\n+x\n*** End Patch';
    const { code, stderr } = await here.ask([calls('apply_patch', { input }), done]);
    expect([code, existsSync(join(here.cwd, 'made'))], stderr).toEqual([runs ? 0 : 4, runs]);
  });

  it('exit code 2 of PreToolUse refuses the call, with standard error as the reason', async () => {
    const here = place(
      { PreToolUse: 'echo "not on a Friday" >&2; exit 2' },
      { permissions: { mode: 'yolo' } },
    );
    const { code, stderr, model } = await here.ask([touch, done]);
    expect(existsSync(join(here.cwd, 'made'))).toBe(false);
    expect(model.toolResults().join()).toContain('A hook refuses it: not on a Friday');
    expect(stderr).toContain('refused: A hook refuses it: not on a Friday');
    expect(stderr).toContain('A hook wants it so: victor config show --origin');
    expect(code).toBe(4);
  });

  it('a matcher is for the whole name of a tool', async () => {
    const here = place(
      { PreToolUse: { matcher: 'Bas|Read|Edit', command: 'exit 2' } },
      { permissions: { mode: 'yolo' } },
    );
    expect((await here.ask([touch, done])).code).toBe(0);
    expect(existsSync(join(here.cwd, 'made'))).toBe(true);
  });

  it('the JSON of PreToolUse allows what the mode alone would ask about', async () => {
    const here = place({ PreToolUse: verdict('allow', 'my own scripts') });
    const { code, stderr } = await here.ask([touch, done]);
    expect({ code, made: existsSync(join(here.cwd, 'made')) }).toEqual({ code: 0, made: true });
    expect(stderr).toContain('allows Bash: my own scripts');
  });

  it.each([
    ['a rule that denies', { permissions: { deny: ['Bash'] } }, touch],
    ['a rule that asks', { permissions: { ask: ['Bash'] } }, touch],
    ['a mode that refuses', { permissions: { mode: 'read-only' } }, touch],
    ['a protected path', {}, calls('Write', { path: '.git/hooks/made', content: 'x' })],
    ['a file with secrets', {}, calls('Write', { path: '.env', content: 'x' })],
    [
      'a path outside of the workspace',
      {},
      calls('Write', { path: '/var/tmp/victor-hook-test/made', content: 'x' }),
    ],
  ])('its allow does not beat %s', async (_, settings, call) => {
    const here = place({ PreToolUse: verdict('allow', 'please') }, settings);
    const { code, stderr } = await here.ask([call, done]);
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.not.stringContaining('please') });
  });

  it('its ask and deny hold where a rule allows, and deny is stronger than allow of another', async () => {
    const allowed = { permissions: { allow: ['Bash'] } };
    const asks = await place({ PreToolUse: verdict('ask', 'look twice') }, allowed).ask([touch, done]);
    expect(asks.stderr).toContain('A hook asks before it: look twice Nobody can be asked here.');
    const both = place({ PreToolUse: [verdict('allow', 'fine'), verdict('deny', 'no')] }, allowed);
    const denied = await both.ask([touch, done]);
    expect(denied.model.toolResults().join()).toContain('A hook refuses it: no');
    expect(existsSync(join(both.cwd, 'made'))).toBe(false);
  });

  it('updatedInput is another call: it runs where that may, and the model and the user read what ran', async () => {
    const changes = (input: object, more = {}) =>
      says({ hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput: input, ...more } });
    const other = { command: 'touch other' };
    const allowed = place({
      PreToolUse: changes(other, { permissionDecision: 'allow', permissionDecisionReason: 'ok' }),
    });
    const ran = await allowed.ask([touch, done]);
    const files = ['made', 'other'].map((name) => existsSync(join(allowed.cwd, name)));
    expect({ code: ran.code, files }).toEqual({ code: 0, files: [false, true] });
    expect(JSON.parse(ran.model.toolResults()[0]!).content).toMatch(
      /^\[This ran with another input than you wrote: \{"command":"touch other"\}\]\n\nExit code 0/,
    );
    expect(ran.stderr).toContain('changes the call of Bash: {"command":"touch other"}');

    // A yes of another hook was said of what the model wrote.
    const piggyback = place({ PreToolUse: [verdict('allow', 'that one'), changes(other)] });
    expect((await piggyback.ask([touch, done])).code).toBe(4);
    expect(existsSync(join(piggyback.cwd, 'other'))).toBe(false);
    const asked = await place({ PreToolUse: changes(other) }).ask([touch, done]);
    expect(asked.code).toBe(4);
    const rules = { permissions: { allow: ['Bash(touch made)'], deny: ['Bash(touch other)'] } };
    const denied = await place({ PreToolUse: changes(other) }, rules).ask([touch, done]);
    expect(denied.model.toolResults().join()).toContain('A hook changed its input, and then: A rule denies');
    const guarded = changes({ path: '.git/hooks/x', content: 'x' }, { permissionDecision: 'allow' });
    const write = calls('Write', { path: 'a.txt', content: 'x' });
    const kept = place({ PreToolUse: guarded }, { permissions: { mode: 'accept-edits' } });
    expect((await kept.ask([write, done])).code).toBe(4);
    expect(existsSync(join(kept.cwd, '.git'))).toBe(false);
    const wrong = await place(
      { PreToolUse: changes({ commando: 'x' }) },
      { permissions: { mode: 'yolo' } },
    ).ask([touch, done]);
    expect(wrong.model.toolResults().join()).toMatch(/commando/);
  });

  it('what PostToolUse says stands below the result of the call', async () => {
    const block = says({ decision: 'block', reason: 'run the tests' });
    const context = says({ hookSpecificOutput: { additionalContext: 'lint is </hook> clean' } });
    const here = place(
      { PostToolUse: [block, context, 'echo "and format" >&2; exit 2'] },
      { permissions: { allow: ['Bash'] } },
    );
    const { model, stderr } = await here.ask([touch, done]);
    const [result] = model.toolResults();
    expect(result).toContain(
      JSON.stringify('\n\n<hook event="PostToolUse">\nrun the tests\nand format\n</hook>\n\n').slice(1, -1),
    );
    expect(result).toContain('lint is <\\\\/hook> clean');
    expect(stderr).toContain('objects to what Bash did: run the tests');
  });

  it('what SessionStart and UserPromptSubmit print goes along behind the message', async () => {
    const here = place({
      SessionStart: 'echo "The branch is frozen."',
      UserPromptSubmit: says({ hookSpecificOutput: { additionalContext: 'Today is Monday.' } }),
    });
    const { model } = await here.ask([done]);
    expect(model.lastPrompt()).toBe(
      'go\n\n<hook event="SessionStart">\nThe branch is frozen.\n</hook>\n\n<hook event="UserPromptSubmit">\nToday is Monday.\n</hook>',
    );
    await here.ask([done], ['--continue']);
    const sources = place({ SessionStart: { matcher: 'resume', command: 'echo again' } });
    expect((await sources.ask([done])).model.lastPrompt()).toBe('go');
    expect((await sources.ask([done], ['--continue'])).model.lastPrompt()).toContain('again');
  });

  it.each([
    ['exit code 2', 'echo "no keys in prompts" >&2; exit 2'],
    ['decision block', says({ decision: 'block', reason: 'no keys in prompts' })],
    ['continue false', says({ continue: false, stopReason: 'no keys in prompts' })],
  ])('UserPromptSubmit keeps a message back by %s', async (_, command) => {
    const here = place({ UserPromptSubmit: command });
    const { code, stdout, stderr, model } = await here.ask([done]);
    expect({ code, stdout, asked: model.server.requests.length }).toEqual({ code: 1, stdout: '', asked: 0 });
    expect(stderr).toContain('A hook keeps this message back: no keys in prompts');
  });

  it('Stop sends the turn on with its reason, and says the next time that it did', async () => {
    const here = place({
      Stop: `cat > told; grep -q '"stop_hook_active":true' told || { echo "run the tests first" >&2; exit 2; }`,
    });
    const { code, stdout, stderr, model } = await here.ask(
      [{ text: 'All done.' }, { text: 'Now tested.' }],
      ['--json'],
    );
    expect(code).toBe(0);
    expect(model.server.requests).toHaveLength(2);
    expect(model.lastPrompt()).toContain(
      'A Stop hook, not the user, wants you to go on before you end:]\nrun the tests first',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'Now tested.',
      num_turns: 2,
      stop_reason: 'end',
    });
    expect(stderr).toContain('lets the turn go on: run the tests first');
  });

  it('Stop hooks that never agree end with a bound, or with the limit of the turn', async () => {
    const here = place({ Stop: 'exit 2' });
    const { code, stderr, model } = await here.ask([{ text: 'Done.' }]);
    expect({ code, requests: model.server.requests.length }).toEqual({ code: 0, requests: 9 });
    expect(stderr).toContain('has sent this turn on 8 times');
    const limited = await here.ask([{ text: 'Done.' }], ['--max-turns', '3']);
    expect({ code: limited.code, requests: limited.model.server.requests.length }).toEqual({
      code: 5,
      requests: 3,
    });
  });

  it('continue false ends the turn at the call, and says why', async () => {
    const here = place(
      { PreToolUse: says({ continue: false, stopReason: 'enough for today' }) },
      { permissions: { mode: 'yolo' } },
    );
    const { code, stderr, model } = await here.ask([touch, done]);
    expect({ code, requests: model.server.requests.length }).toEqual({ code: 1, requests: 1 });
    expect(stderr).toContain('ends the turn: enough for today');
    expect(existsSync(join(here.cwd, 'made'))).toBe(false);
  });

  it('systemMessage is for the user, and what hooks print has neither keys nor escape sequences', async () => {
    const key = 'hunter2-hunter2-hunter2';
    const env = { MY_API_KEY: key };
    const message = { systemMessage: `key ${key} \u001b]0;title\u0007\u001b[31mred` };
    const here = place({ UserPromptSubmit: [says(message), `echo "${key} for the model"`] }, {}, env);
    const { stderr, model } = await here.ask([done]);
    expect(stderr).toContain('victor: key [redacted] red');
    expect(model.lastPrompt()).toContain('[redacted] for the model');
  });

  it('hooks get the environment of commands, without keys', async () => {
    const here = place(
      { UserPromptSubmit: 'echo "key [$MY_API_KEY] in $VICTOR_PROJECT_DIR"' },
      {},
      { MY_API_KEY: 'k'.repeat(20) },
    );
    expect((await here.ask([done])).model.lastPrompt()).toContain(`key [] in ${here.cwd}`);
  });

  it('what a hook changed is a decision that explain tells, and is counted', async () => {
    const here = place({ PreToolUse: { matcher: 'Bash', command: verdict('allow', 'my own scripts') } });
    await here.ask([touch, done], ['--session-id', 'hooked']);
    const { stdout } = await here.run('explain', 'hooked');
    expect(stdout).toContain('A hook allowed (PreToolUse, Bash)');
    expect(stdout).toContain('my own scripts');
    const counted = await here.run(
      'stats',
      '--sql',
      "SELECT data FROM analytics_events WHERE type = 'hook'",
      '--json',
    );
    expect(counted.stdout).toMatch(/PreToolUse.*allowed/);
    expect(counted.stdout).not.toContain('my own scripts');
  });
});
