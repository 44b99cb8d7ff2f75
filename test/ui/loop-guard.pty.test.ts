import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

const enter = '\r';
/** A question takes no key before it could be read. */
const readable = () => new Promise((resolve) => setTimeout(resolve, 900));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The real program in mode yolo, with a model that runs the same command until it is told something new. */
async function loopingChat(args: readonly string[] = []) {
  const again: ServerStep = { toolCalls: [{ name: 'Bash', input: { command: 'echo x >> runs; exit 1' } }] };
  const server = await startModelServer(({ messages }) =>
    JSON.stringify(messages.at(-1)).includes('something else please') ? { text: 'Gladly.' } : again,
  );
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'runs'), '');
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat', '--permission-mode', 'yolo', ...args],
    cwd,
    env: cleanEnvironment({
      ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: 'test-key',
      VICTOR_HOME: temporaryDirectory(),
      NO_COLOR: '1',
    }),
    columns: 110,
    rows: 40,
  });
  ends.push(async () => {
    pty.kill();
    await pty.exit;
    await server.close();
  });
  await pty.waitFor('❯');
  pty.write(`go${enter}`);
  const runs = () => readFileSync(join(cwd, 'runs'), 'utf8').length / 2;
  return { pty, runs, server };
}

const question = 'The same call has had the same result 4 times. Go on?';

describe('V16: victor chat, a model that repeats itself', () => {
  it('is asked about before the 5th time, in yolo too; yes goes on, no ends the turn, and the next message works', async () => {
    const { pty, runs, server } = await loopingChat();
    // A frame may come in two pieces: the row of keys is its last.
    const keys = 'y once · n no · r say what instead';
    const isAsked = (rows: string[]) => rows.join('\n').includes(question) && rows.join('\n').includes(keys);
    const asked = (await pty.waitFor(isAsked)).join('\n');
    expect(asked).toContain('Allow Bash?');
    expect(asked).toContain('The same call has had the same result 3 times: Bash echo x >> runs; exit 1.');
    expect(runs()).toBe(4);
    await readable();
    pty.write('y');
    await pty.waitFor((rows) => runs() === 8 && rows.join('\n').includes(question));
    await readable();
    pty.write('n');
    const ended = (await pty.waitFor('Say what to do instead.')).join(' ').replaceAll(/\s+/g, ' ');
    expect(ended).toContain('a call went on having the same result, 4 times so far: Bash echo x >> runs;');
    expect(runs()).toBe(8);
    pty.write(`something else please${enter}`);
    await pty.waitFor('Gladly.');
    expect(server.requests.at(-1)!.body.messages.length).toBeGreaterThan(18);
  });

  it('a limit that is reached says which, its value and how to raise it', async () => {
    const { pty, runs } = await loopingChat(['--max-tool-calls', '2']);
    const ended = (await pty.waitFor('config set maxToolCalls')).join(' ').replaceAll(/\s+/g, ' ');
    expect(ended).toContain(
      'This turn reached its limit of 2 tool calls (maxToolCalls). Send "continue" to go on, or raise it with its flag or victor config set maxToolCalls.',
    );
    expect(runs()).toBe(2);
  });
});
