import { describe, expect } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const todos = [
  { content: 'Read the code', status: 'completed' },
  { content: 'Write the test', status: 'in_progress' },
  { content: 'Run it', status: 'pending' },
];

describe('the list of steps in victor chat, the real program', () => {
  it('is shown with its states, beside what the model does, by /todos, and in a session that is gone on with', async () => {
    const made = await chat([
      { toolCalls: [{ name: 'TodoWrite', input: { todos } }] },
      { toolCalls: [{ name: 'Bash', input: { command: 'sleep 0.1; cat' } }] },
      { text: 'Later.', delayMs: 1_500 },
    ]);
    const { pty } = made;
    pty.write(`do it${enter}`);
    await pty.waitFor('☐ Run it');
    expect(pty.history().join('\n')).toContain(
      '✓ TodoWrite Write the test · 1 of 3 done · #1\n    ☑ Read the code\n    → Write the test\n    ☐ Run it',
    );
    await pty.waitFor('Allow Bash?');
    await new Promise((resolve) => setTimeout(resolve, 900));
    pty.write('n');
    await pty.waitFor('Waiting for the model · 1 of 3 done · Write the test · ');
    await pty.waitFor(atRest('Later.'));
    pty.write(`/quit${enter}`);
    await pty.exit;
    const again = made.open(['-c']);
    await again.waitFor('→ Write the test');
    again.write(`/todos${enter}`);
    await again.waitFor('Steps, 1 of 3 done');
  });
});
