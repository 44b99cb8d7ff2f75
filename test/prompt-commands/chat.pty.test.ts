import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { promptIn } from '../helpers/ask-model.js';
import { atRest, chat } from '../helpers/chat-pty.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { writeFiles } from '../helpers/workspace.js';

const enter = '\r';

/** A chat of a user who has these files. */
async function chatWith(
  own: Readonly<Record<string, string>>,
  said: readonly string[],
  project: Readonly<Record<string, string>> = {},
) {
  const home = temporaryDirectory();
  const cwd = temporaryDirectory();
  await writeFiles(home, own);
  await writeFiles(cwd, project);
  const opened = await chat(
    said.map((text) => ({ text })),
    [],
    {
      cwd,
      environment: { HOME: home, VICTOR_HOME: join(home, 'config') },
    },
  );
  opened.pty.resize(110, 60);
  return { ...opened, own: home, prompts: () => opened.server.requests.map(({ body }) => promptIn(body)) };
}

const files = {
  'config/commands/review.md': '---\ndescription: Review a change\nargument-hint: "[file]"\n---\nReview $1.',
  'config/commands/git/msg2.md': 'Write a message.',
  '.agents/skills/pdf/SKILL.md': '---\nname: pdf\ndescription: Fills in forms.\n---\nUse fill.py.',
};

it('custom commands and skills stand in /help under headings of their own, and in the menu', async () => {
  const { pty, prompts } = await chatWith(files, ['Reviewed.', 'Written.', 'Filled.']);
  pty.write(`/help review${enter}`);
  await pty.waitFor(/Your own commands/);
  pty.write(`/help pdf${enter}`);
  await pty.waitFor(/Skills/);
  const shown = pty.history().join('\n');
  expect(shown).toMatch(/Your own commands\n.*\/review \[file\] {2}Review a change/);
  expect(shown).toMatch(/Skills\n.*\/pdf {2}Fills in forms\./);
  pty.write('/rev');
  await pty.waitFor(
    /\/review \[file\] +Review a change[\s\S]*❯ \/rev|❯ \/rev[\s\S]*\/review \[file\] +Review a change/,
  );
  pty.write(`\ta.ts${enter}`);
  await pty.waitFor(atRest('Reviewed.'));
  pty.write('/git:m');
  await pty.waitFor(/\/git:msg2 +Write a message/);
  pty.write('\t');
  await pty.waitFor(/❯ \/git:msg2/);
  pty.write(enter);
  await pty.waitFor(atRest('Written.'));
  pty.write(`/pdf the form${enter}`);
  await pty.waitFor(atRest('Filled.'));
  expect(prompts().map((text) => text.split('\n\n<skill')[0])).toEqual([
    'Review a.ts.',
    'Write a message.',
    'Use the skill pdf.\n\nthe form',
  ]);
});

it('a file that is changed, added or removed while the chat runs counts from its next use on', async () => {
  const { pty, own, prompts } = await chatWith({ 'config/commands/say.md': 'Say one.' }, ['A.', 'B.', 'C.']);
  pty.write(`/say${enter}`);
  await pty.waitFor(atRest('A.'));
  writeFileSync(join(own, 'config/commands/say.md'), 'Say something else.');
  pty.write(`/say${enter}`);
  await pty.waitFor(atRest('B.'));
  writeFileSync(join(own, 'config/commands/more.md'), 'Say more.');
  pty.write(`/more${enter}`);
  await pty.waitFor(atRest('C.'));
  expect(prompts()).toEqual(['Say one.', 'Say something else.', 'Say more.']);
  rmSync(join(own, 'config/commands/more.md'));
  pty.write(`/more${enter}`);
  await pty.waitFor(/There is no command \/more/);
});

it('what cannot be used is told once, and what its files say cannot write on the screen', async () => {
  const { pty, cwd } = await chatWith(
    {
      'config/commands/help.md': 'Mine.',
      'config/commands/odd.md': '---\ndescription: "a\\e[2J\\u202eb"\n---\nOdd.',
      '.agents/skills/bad/SKILL.md': 'No front matter.',
    },
    ['Said.', 'Odd.'],
  );
  await pty.waitFor(/\/help is a command of Victor's, so that it stays/);
  // Nobody was asked about a folder that had nothing.
  await writeFiles(cwd, { '.victor/commands/theirs.md': 'Theirs.' });
  pty.write(`/help odd${enter}`);
  await pty.waitFor(/\/odd +/);
  pty.write(`/theirs${enter}`);
  await pty.waitFor(/There is no command \/theirs/);
  const shown = pty.history().join('\n');
  expect(shown.match(/so that it stays/g)).toHaveLength(1);
  expect(shown.match(/the skill is left out/g)).toHaveLength(1);
  expect(shown).not.toMatch(/[\u001b\u202e]/);
});

it('a command that begins with ! runs nothing, and what the user mentions goes along with a skill', async () => {
  const { pty, prompts } = await chatWith(
    { ...files, 'config/commands/bang.md': '!touch made' },
    ['Told.', 'Filled.'],
    { 'form.txt': 'the fields' },
  );
  pty.write(`/bang${enter}`);
  await pty.waitFor(atRest('Told.'));
  expect(prompts()[0]).toBe(' !touch made');
  pty.write(`/pdf with @form.txt ${enter}`);
  await pty.waitFor(atRest('Filled.'));
  expect(prompts()[1]).toContain('the fields');
});
