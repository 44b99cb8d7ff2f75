import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type ChatPty, chat } from '../helpers/chat-pty.js';
import type { ServerStep } from '../helpers/model-server.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const shiftTab = '\u001b[Z';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const plan = '## Add notes\n\n1. Write **notes.txt**.';
const handOver: ServerStep = { toolCalls: [{ name: 'Plan', input: { plan } }] };
const write: ServerStep = { toolCalls: [{ name: 'Write', input: { path: 'notes.txt', content: 'hi\n' } }] };
const inPlanMode = ['--permission-mode', 'plan'];

/** The last message that the model got, notes included. */
function received({ server }: ChatPty, request: number): string {
  const { messages } = server.requests[request]!.body as { messages: unknown[] };
  return JSON.stringify(messages.at(-1));
}

/** Waits until keys count as answers. */
async function asked({ pty }: ChatPty, question = 'Carry out this plan?'): Promise<string> {
  const screen = await pty.waitFor(question);
  await sleep(900);
  return screen.join('\n');
}

describe('a plan in victor chat, the real program', () => {
  it('U11 is shown rendered; approved with edits it is carried out in the same turn, unasked', async () => {
    const made = await chat([handOver, write, { text: 'All done.' }], inPlanMode);
    made.pty.write(`plan it${enter}`);
    await made.pty.waitFor('Carry out this plan?');
    // Somebody writes on; right behind a letter that is no answer, a key is too early however late this comes.
    made.pty.write('xea');
    const screen = await asked(made);
    expect(screen).toContain('· The plan:\n\nAdd notes\n\n1. Write notes.txt.\n');
    expect(screen).toContain('e yes, accept edits · a yes, ask before edits · r revise');
    expect(screen).toMatch(/\nplan · /);
    made.pty.write('e');
    await made.pty.waitFor('All done.');
    expect(existsSync(join(made.cwd, 'notes.txt'))).toBe(true);
    expect(received(made, 1)).toContain('The user approved the plan and changed the mode to accept-edits.');
    expect(received(made, 1)).toContain('Mode accept-edits: ');
    const all = made.pty.history().join('\n');
    expect(all).toContain('✓ Plan Add notes · approved, mode accept-edits');
    expect(all).not.toContain('Allow Write?');
    expect(made.pty.screen().join('\n')).toMatch(/\naccept-edits · /);
    expect(made.server.requests).toHaveLength(3);
  });

  it('approved asking, the first edit asks', async () => {
    const made = await chat([handOver, write, { text: 'Not then.' }], inPlanMode);
    made.pty.write(`plan it${enter}`);
    await asked(made);
    made.pty.write('a');
    await asked(made, 'Allow Write?');
    expect(received(made, 1)).toContain('changed the mode to ask.');
    made.pty.write('n');
    await made.pty.waitFor('Not then.');
    expect(existsSync(join(made.cwd, 'notes.txt'))).toBe(false);
    expect(made.pty.screen().join('\n')).toMatch(/\nask · /);
  });

  it('revised, the model reads what to change and hands it over again, in mode plan', async () => {
    const second: ServerStep = { toolCalls: [{ name: 'Plan', input: { plan: 'Only say hello.' } }] };
    const made = await chat([handOver, write, second, { text: 'Bye.' }], inPlanMode);
    made.pty.write(`plan it${enter}`);
    await asked(made);
    made.pty.write('r');
    await asked(made, 'Say what to change in the plan');
    made.pty.write(`smaller${enter}`);
    const screen = await asked(made, 'Only say hello.');
    expect(screen).toContain('✓ Plan Add notes · to be revised: smaller');
    expect(screen).toContain('⊘ Write notes.txt');
    expect(received(made, 1)).toContain('The user wants the plan changed: smaller');
    expect(received(made, 2)).toContain('Mode plan refuses editing files.');
    expect(existsSync(join(made.cwd, 'notes.txt'))).toBe(false);
    made.pty.write('\u001b');
    await made.pty.waitFor('Interrupted.');
    expect(made.pty.screen().join('\n')).toMatch(/\nplan · /);
  });

  it('longer than the screen it can be read whole in the scrollback, each step once', async () => {
    const steps = Array.from({ length: 500 }, (_, step) => `- Do part ${step + 1} of it`).join('\n');
    const made = await chat([{ toolCalls: [{ name: 'Plan', input: { plan: steps } }] }], inPlanMode);
    made.pty.write(`plan it${enter}`);
    await asked(made);
    await made.pty.waitFor('Do part 500 of it');
    const rows = made.pty.history();
    for (let part = 1; part <= 500; part += 1) {
      expect(rows.filter((row) => row === `• Do part ${part} of it`)).toHaveLength(1);
    }
  });

  it('left by Shift+Tab and not approved it is shown again, and a yes then has it carried out', async () => {
    const made = await chat([handOver, write, { text: 'All done.' }], inPlanMode);
    made.pty.write(`plan it${enter}`);
    await asked(made);
    made.pty.write('\u001b');
    await made.pty.waitFor('Interrupted.');
    made.pty.write(shiftTab);
    const again = await asked(made, 'n goes on to mode read-only without it');
    expect(again.match(/1\. Write notes\.txt\./g)).toHaveLength(2);
    made.pty.write('\u001b');
    await made.pty.waitFor((screen) => !screen.join('\n').includes('n goes on'));
    expect(made.pty.screen().join('\n')).toMatch(/\nplan · /);
    made.pty.write(`/mode ask${enter}`);
    await asked(made, 'n goes on to mode ask without it');
    made.pty.write('e');
    await made.pty.waitFor('All done.');
    expect(received(made, 1)).toContain('I approve your plan. Carry it out.');
    expect(received(made, 1)).toContain('Mode accept-edits: ');
    expect(existsSync(join(made.cwd, 'notes.txt'))).toBe(true);
    // Mode plan was left, and nothing waits any more: the modes cycle as ever.
    made.pty.write(shiftTab);
    await made.pty.waitFor(/\nplan · /);
    made.pty.write(shiftTab);
    await made.pty.waitFor(/\nread-only · /);
  });
});
