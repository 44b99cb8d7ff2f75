import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

function folder(steps: readonly object[]): string {
  const cwd = temporaryDirectory();
  const workflows = { ship: { description: 'Take it to sea', steps } };
  writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ workflows }));
  return cwd;
}

it('/run asks before a command and at an approval, shows each step with its place, and a no leaves it to be gone on with', async () => {
  const cwd = folder([
    { name: 'build', command: 'echo built >> log' },
    { name: 'look', prompt: 'Describe {{input}}' },
    { name: 'go', approval: 'Ship {{input}} now?' },
    { name: 'ship', command: 'touch shipped', when: { step: 'build', exitCode: 0 } },
  ]);
  const { pty } = await chat([{ text: 'It floats.' }], ['--trust'], { cwd });
  pty.write('/run\r');
  await pty.waitFor(/ship +4 steps +Take it to sea/);
  pty.write('/run ship the boat\r');
  await pty.waitFor(/Step 1\/4 build: echo built[\s\S]*Allow Bash/);
  await new Promise((resolve) => setTimeout(resolve, 900));
  pty.write('y');
  // The question comes behind the answer of the model.
  await pty.waitFor(
    /Step 2\/4 look done[\s\S]*Ship the boat now\?[\s\S]*Step 3 of 4 of the workflow ship asks/,
  );
  await new Promise((resolve) => setTimeout(resolve, 900));
  pty.write('n');
  await pty.waitFor(atRest('Workflow ship stopped, because a step was refused'));
  expect(existsSync(join(cwd, 'shipped'))).toBe(false);

  pty.write('/run ship --resume\r');
  await pty.waitFor(/goes on behind 2 of 4 steps[\s\S]*Ship the boat now\?/);
  await new Promise((resolve) => setTimeout(resolve, 900));
  pty.write('y');
  await pty.waitFor(/Allow Bash[\s\S]*touch shipped/);
  await new Promise((resolve) => setTimeout(resolve, 900));
  pty.write('y');
  await pty.waitFor(atRest('Workflow ship done'));
  expect(existsSync(join(cwd, 'shipped'))).toBe(true);
  expect(readFileSync(join(cwd, 'log'), 'utf8')).toBe('built\n');
});

it('Esc in the middle of a command ends the run; a name that is none is told with those that there are', async () => {
  const cwd = folder([{ command: 'echo begun; sleep 600' }, { command: 'touch never' }]);
  const { pty } = await chat([{ text: 'Hello.' }], ['--trust', '--permission-mode', 'yolo'], { cwd });
  pty.write('/run ship\r');
  await pty.waitFor('begun');
  pty.write('\u001b');
  await pty.waitFor(atRest('Workflow ship interrupted'));
  expect(existsSync(join(cwd, 'never'))).toBe(false);
  pty.write('/run shop\r');
  await pty.waitFor('There is no workflow shop. Workflows: ship.');
  pty.write('/run ship --approve gate\r');
  await pty.waitFor('/run takes --resume or --accept-changes alone, and no --approve');
});
