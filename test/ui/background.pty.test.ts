import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const background = (command: string) => ({ name: 'Bash', input: { command, runInBackground: true } });

describe('commands in the background of victor chat, the real program', () => {
  it('are counted in the status line, listed by /tasks, told of when they end, and ended by /tasks stop', async () => {
    const waiting = 'until [ -e go ]; do sleep 0.05; done; exit 3';
    const made = await chat([
      { toolCalls: [background(waiting)] },
      { toolCalls: [background('sleep 1000')] },
      { text: 'Both run.' },
    ]);
    const { pty, cwd } = made;
    pty.write(`start them${enter}`);
    const asked = (await pty.waitFor('Allow Bash?')).join('\n');
    expect(asked).toContain('runInBackground: true');
    for (const task of ['bg-1', 'bg-2']) {
      await pty.waitFor('Allow Bash?');
      await sleep(900);
      pty.write('y');
      await pty.waitFor(`runs as ${task}`);
    }
    await pty.waitFor(atRest('Both run.'));
    await pty.waitFor(' · 2 tasks · ');
    pty.write(`/tasks${enter}`);
    await pty.waitFor(/bg-2 {2}running, .*sleep 1000/);
    writeFileSync(join(cwd, 'go'), '');
    await pty.waitFor('In the background bg-1 has ended');
    await pty.waitFor(' · 1 task · ');
    pty.write(`/tasks stop bg-2${enter}`);
    await pty.waitFor('bg-2 has ended.');
    await pty.waitFor((screen) => !screen.join('\n').includes(' task · '));
    pty.write(`/tasks${enter}`);
    await pty.waitFor(/bg-1 {2}Exit code 3, /);
  });
});
