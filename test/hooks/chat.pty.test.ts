import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher } from '../helpers/run-victor.js';
import { calls, type HookSettings, place, says } from './places.js';

const enter = '\r';
const esc = '\u001b';

async function chatWith(commands: HookSettings, steps: Parameters<typeof chat>[0], settings = {}) {
  const { cwd, home } = place(commands, settings);
  const { pty, server } = await chat(steps, [], { cwd, environment: { VICTOR_HOME: home } });
  pty.resize(110, 50);
  const file = (name: string) => join(cwd, name);
  return { pty, server, cwd, home, file };
}

it('/hooks shows each with where it is set, whether it may run and its last outcome', async () => {
  const { pty, home } = await chatWith(
    { UserPromptSubmit: 'echo extra', Stop: { matcher: '*', command: 'exit 7' } },
    [{ text: 'Said.' }],
  );
  pty.write(`hello${enter}`);
  await pty.waitFor(atRest('Said.'));
  await pty.waitFor(/The Stop hook exit 7 does not count: It ended with exit code 7/);
  pty.write(`/hooks${enter}`);
  await pty.waitFor(/last run: added something for the model, It added 5 characters/);
  const shown = pty.history().join('\n');
  expect(shown).toContain(`UserPromptSubmit  user, ${join(home, 'config.json')}`);
  expect(shown).toMatch(/ready; 100 s at most; last run: failed, It ended with exit code 7/);
  expect(shown).toContain('UserPromptSubmit hook · 1 line');
});

it('a project’s hooks that nobody confirmed are listed with how to confirm them', async () => {
  const { cwd, home } = place();
  writeFileSync(
    join(cwd, '.victorrc'),
    JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command: 'touch ran' }] }] } }),
  );
  const pty = startPty({
    ...{ command: process.execPath, args: [launcher, 'chat'], cwd, columns: 110, rows: 50 },
    env: cleanEnvironment({ VICTOR_HOME: home, NO_COLOR: '1' }),
  });
  onTestFinished(async () => {
    pty.kill();
    await pty.exit;
  });
  await pty.waitFor(/hooks\.Stop: .*touch ran.* runs/);
  // A key that comes too soon after the question is none.
  await expect
    .poll(
      () => {
        pty.write('r');
        return pty.history().some((row) => row.includes('❯'));
      },
      { timeout: 60_000, interval: 700 },
    )
    .toBe(true);
  pty.write('\u0015');
  pty.write(`/hooks${enter}`);
  await pty.waitFor(/does not run: `victor trust`/);
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
});

it('a message that is kept back is offered again, and the next one goes through', async () => {
  const { pty, server } = await chatWith(
    { UserPromptSubmit: 'grep -q secret && { echo "no secrets here" >&2; exit 2; }; true' },
    [{ text: 'Fine.' }],
  );
  pty.write(`my secret${enter}`);
  await pty.waitFor(/A hook keeps this message back: no secrets here/);
  await pty.waitFor(/press Up to have it again/);
  expect(server.requests).toHaveLength(0);
  pty.write(`something else${enter}`);
  await pty.waitFor(atRest('Fine.'));
  expect(JSON.stringify(server.requests[0]!.body.messages)).not.toContain('secret');
});

it('Esc ends a hook that hangs, before the turn and within a call, and the chat goes on', async () => {
  const { pty, server, file } = await chatWith(
    {
      UserPromptSubmit: 'grep -q hang || exit 0; touch hangs; sleep 300',
      PreToolUse: 'touch waits; sleep 300',
    },
    [calls('List', { path: '.' }), { text: 'Alive.' }],
  );
  pty.write(`hang${enter}`);
  await expect.poll(() => existsSync(file('hangs'))).toBe(true);
  pty.write(esc);
  await pty.waitFor(atRest('Interrupted'));
  expect(server.requests).toHaveLength(0);
  pty.write(`look${enter}`);
  await expect.poll(() => existsSync(file('waits'))).toBe(true);
  pty.write(esc);
  await pty.waitFor(
    (screen) =>
      screen.filter((row) => row.includes('Interrupted')).length === 2 && atRest('Interrupted')(screen),
  );
  pty.write(`go on${enter}`);
  await pty.waitFor(atRest('Alive.'));
  // What no hook had the time to look at has not gone to the model with a later message.
  expect(JSON.stringify(server.requests.at(-1)!.body.messages)).not.toContain('hang');
});

it('Notification is told when the user is asked', async () => {
  const { pty, file } = await chatWith(
    { Notification: { matcher: 'permission_prompt', command: 'cat > asked' } },
    [calls('Bash', { command: 'touch made' }), { text: 'Made.' }],
  );
  pty.write(`go${enter}`);
  await pty.waitFor(/touch made/);
  await expect.poll(() => existsSync(file('asked')) && readFileSync(file('asked'), 'utf8')).toMatch(/\n$/);
  expect(JSON.parse(readFileSync(file('asked'), 'utf8'))).toMatchObject({
    hook_event_name: 'Notification',
    message: 'Victor needs your permission to use Bash',
    notification_type: 'permission_prompt',
  });
  pty.write(esc);
});

it('calls that are asked about together are shown to hooks one by one, each when its turn comes', async () => {
  const two = {
    toolCalls: [
      { name: 'Bash', input: { command: 'touch first' } },
      { name: 'Bash', input: { command: 'touch second' } },
    ],
  };
  const { pty, file } = await chatWith(
    { PreToolUse: `ls > "seen-$(grep -o 'touch [a-z]*' | cut -d' ' -f2)"` },
    [two, { text: 'Both made.' }],
  );
  pty.write(`go${enter}`);
  await pty.waitFor(/touch first/);
  await expect.poll(() => existsSync(file('seen-first'))).toBe(true);
  expect(existsSync(file('seen-second'))).toBe(false);
  await expect
    .poll(
      () => {
        pty.write('y');
        return existsSync(file('second'));
      },
      { timeout: 60_000, interval: 700 },
    )
    .toBe(true);
  expect(readFileSync(file('seen-second'), 'utf8')).toContain('first\n');
});

it('/clear ends the session for its hooks and starts it anew; leaving ends it', async () => {
  const { pty, file, server } = await chatWith(
    {
      SessionStart: `cat >> told; echo "branch frozen"`,
      SessionEnd: 'cat >> told',
    },
    [{ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }],
  );
  pty.write(`one${enter}`);
  await pty.waitFor(atRest('One.'));
  pty.write(`two${enter}`);
  await pty.waitFor(atRest('Two.'));
  expect(JSON.stringify(server.requests[1]!.body.messages).match(/branch frozen/g)).toHaveLength(1);
  pty.write(`/clear${enter}`);
  await pty.waitFor(/context is empty/);
  pty.write(`three${enter}`);
  await pty.waitFor(atRest('Three.'));
  pty.write(`/quit${enter}`);
  await pty.exit;
  const told = readFileSync(file('told'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(told.map((one) => [one.hook_event_name, one.source ?? one.reason])).toEqual([
    ['SessionStart', 'startup'],
    ['SessionEnd', 'clear'],
    ['SessionStart', 'clear'],
    ['SessionEnd', 'exit'],
  ]);
});

it('PreCompact may refuse /compact, and tells why', async () => {
  const { pty, file } = await chatWith(
    {
      PreCompact: {
        matcher: 'manual',
        command: 'cat > told; test -e allow || { echo "not yet" >&2; exit 2; }',
      },
    },
    [{ text: 'One.' }],
  );
  pty.write(`one${enter}`);
  await pty.waitFor(atRest('One.'));
  pty.write(`/compact${enter}`);
  await pty.waitFor(/A PreCompact hook refuses to compact: not yet/);
  expect(JSON.parse(readFileSync(file('told'), 'utf8'))).toMatchObject({ trigger: 'manual' });
});

it('a session that ends with a hook that hangs still ends', async () => {
  const { pty, file } = await chatWith({ SessionEnd: 'touch ending; sleep 300' }, [{ text: 'One.' }]);
  pty.write(`one${enter}`);
  await pty.waitFor(atRest('One.'));
  pty.write(`/quit${enter}`);
  await pty.exit;
  expect(existsSync(file('ending'))).toBe(true);
});

it('what a hook prints cannot write on the screen', async () => {
  const { pty } = await chatWith(
    { UserPromptSubmit: says({ systemMessage: 'before \u001b[2J\u001b]52;c;aGk=\u0007after' }) },
    [{ text: 'Said.' }],
  );
  pty.write(`hello${enter}`);
  await pty.waitFor(atRest('Said.'));
  expect(pty.history().join('\n')).toContain('before after');
});

it('a call that a hook changed is asked about as it would run', async () => {
  const updated = { hookSpecificOutput: { updatedInput: { command: 'touch safer' } } };
  const { pty, file, server } = await chatWith({ PreToolUse: says(updated) }, [
    calls('Bash', { command: 'touch wild' }),
    { text: 'Touched.' },
  ]);
  pty.write(`go${enter}`);
  await pty.waitFor(/touch safer[\s\S]*y once/);
  await expect
    .poll(
      () => {
        pty.write('y');
        return server.requests.length;
      },
      { timeout: 60_000, interval: 700 },
    )
    .toBe(2);
  await pty.waitFor(/Touched\./);
  expect([existsSync(file('wild')), existsSync(file('safer'))]).toEqual([false, true]);
});
