import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { finish, runShell, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

describe.concurrent('victor ask: the prompt', () => {
  it('words become one prompt, and the answer is all of stdout', async () => {
    const { ask, lastPrompt } = await scriptedModel();
    expect(await ask(['what', 'is', 'this?'])).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('what is this?');
  });

  it('-p asks as well, wherever it stands', async () => {
    const { env, lastPrompt } = await scriptedModel();
    const result = await runVictor(['-q', '--print', '--max-turns', '3', 'hello there'], { env });
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('hello there');
  });

  it('what is piped in follows the prompt as a labelled block', async () => {
    const { ask, lastPrompt } = await scriptedModel();
    const result = await ask(['review this'], { input: 'diff --git a b\n+x\n' });
    expect(result.code).toBe(0);
    expect(lastPrompt()).toBe('review this\n\n<stdin>\ndiff --git a b\n+x\n</stdin>');
  });

  it.each([
    ['-', ['-']],
    ['no argument', []],
  ])('with %s the standard input is the prompt', async (_, args) => {
    const { ask, lastPrompt } = await scriptedModel();
    expect(await ask(args, { input: 'what is this?\n' })).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('what is this?');
  });

  it('files that the words mention go along, what is piped in mentions nothing, and what may not be read is said', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'content of a\n');
    writeFileSync(join(cwd, '.env'), 'KEY=never-sent\n');
    const { ask, lastPrompt } = await scriptedModel();
    const result = await ask(['explain @a.txt and @.env'], { cwd, input: 'see @a.txt too' });
    expect(result.code).toBe(0);
    expect(lastPrompt()).toBe(
      'explain @a.txt and @.env\n\n<stdin>\nsee @a.txt too\n</stdin>\n\n<file path="a.txt">\n1\tcontent of a\n</file>',
    );
    expect(result.stderr).toMatch(/@\.env is not attached: .*may hold secrets/);
    await ask(['-'], { cwd, input: 'see @a.txt' });
    expect(lastPrompt()).toBe('see @a.txt');
  });

  it('an empty pipe adds nothing', async () => {
    const { ask, lastPrompt } = await scriptedModel();
    await ask(['hello'], { input: '' });
    expect(lastPrompt()).toBe('hello');
  });

  it('standard input is cut at 256 kB, between characters, and both the user and the model are told', async () => {
    const { ask, lastPrompt } = await scriptedModel();
    const result = await ask(['count'], { input: `x${'é'.repeat(200_000)}` });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/longer than 256 kB/);
    const block = /<stdin>\nx(é+)\n<\/stdin>\n\[cut after 256 kB; more followed\]$/.exec(lastPrompt());
    expect(block?.[1]?.length).toBe((256 * 1024 - 2) / 2);
  });

  it('an endless pipe is read no further than it counts', async () => {
    const { env } = await scriptedModel();
    const result = await runShell('yes | victor ask "what is this?"', { env });
    expect(result.stdout).toBe('The answer.\n');
    // `yes` ends with SIGPIPE, which pipefail reports.
    expect(result.code).toBe(141);
  });

  it('a slow writer is waited for', async () => {
    const { env, lastPrompt } = await scriptedModel();
    expect((await runShell('(sleep 0.5; echo late) | victor ask "read"', { env })).code).toBe(0);
    expect(lastPrompt()).toContain('late');
  });

  it('a parent that never closes the input of its child gets its answer all the same', async () => {
    const { env } = await scriptedModel();
    const result = await finish(startVictor(['ask', 'hello'], { env, holdInput: true }));
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(result.stderr).toMatch(/nothing came on standard input/);
  });

  it.each(['<&-', '</dev/null', '<file'])('standard input %s is no trouble', async (redirection) => {
    const { env, lastPrompt } = await scriptedModel();
    const result = await runShell(`touch file; victor ask hello ${redirection}`, { env });
    expect(result).toMatchObject({ code: 0, stdout: 'The answer.\n' });
    expect(lastPrompt()).toBe('hello');
  });

  it('a file on standard input is read', async () => {
    const { env, lastPrompt } = await scriptedModel();
    await runShell('echo content > file; victor ask hello < file', { env });
    expect(lastPrompt()).toBe('hello\n\n<stdin>\ncontent\n</stdin>');
  });

  it('C20: what follows -- is the prompt, whatever it looks like', async () => {
    const { ask, lastPrompt } = await scriptedModel();
    expect((await ask(['--json', '--', '--config=evil'])).code).toBe(0);
    expect(lastPrompt()).toBe('--config=evil');
  });
});
