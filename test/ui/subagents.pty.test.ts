import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';

const task = (name: string) => ({
  name: 'Task',
  input: { description: `make ${name}`, prompt: `make ${name}` },
});

/** Answers by what is asked, because subagents ask at the same time. */
const model = (body: { system: unknown; messages: { content: unknown }[] }) => {
  const said = JSON.stringify(body.messages);
  const name = /make (\w+)/.exec(said)?.[1] ?? '';
  if (JSON.stringify(body.system).includes('You are a subagent')) {
    if (said.includes('tool_result')) return { text: `${name} is made` };
    return { toolCalls: [{ name: 'Bash', input: { command: `touch ${name}` } }] };
  }
  if (said.includes('tool_result')) return { text: 'Both are made.' };
  return { toolCalls: [task('one'), task('two')] };
};

it('two subagents ask one after the other, each in its name, and say what they came to', async () => {
  const { pty, cwd } = await chat(model as never);
  pty.write('make them\r');
  for (const _ of [1, 2]) {
    const screen = await pty.waitFor(/Allow Bash[\s\S]*The subagent general \(make (one|two)\) asks/);
    const name = /general \(make (one|two)\)/.exec(screen.join('\n'))![1]!;
    await new Promise((resolve) => setTimeout(resolve, 900));
    pty.write('y');
    await expect.poll(() => existsSync(join(cwd, name))).toBe(true);
  }
  await pty.waitFor(atRest('Both are made.'));
  const history = pty.history().join('\n');
  expect(history).toMatch(/Task make one[\s\S]*1 call, [\d.]+k? tokens/);
  pty.write('/undo\r');
  await pty.waitFor('There is no edit to undo');
});

it('what subagents are at is seen below their calls, and Esc ends every one', async () => {
  const { pty, server } = await chat((body: { system: unknown }) =>
    JSON.stringify(body.system).includes('You are a subagent')
      ? { stallBeforeHeaders: true }
      : { toolCalls: [task('one'), task('two')] },
  );
  pty.write('make them\r');
  await pty.waitFor('Begins');
  await expect.poll(() => server.requests.length).toBe(3);
  pty.write('\u001b');
  await pty.waitFor(atRest('Interrupted.'));
  const closed = await Promise.all(server.requests.slice(1).map((request) => request.closed));
  expect(closed).toEqual([{ completed: false }, { completed: false }]);
});
