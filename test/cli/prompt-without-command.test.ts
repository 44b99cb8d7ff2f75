import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { startPty } from '../helpers/pty.js';
import {
  cleanEnvironment,
  launcher,
  runShell,
  runVictor,
  temporaryDirectory,
} from '../helpers/run-victor.js';

describe('victor "prompt"', () => {
  it('starts a chat with that prompt on a terminal', async () => {
    const { env, lastPrompt } = await scriptedModel({ text: 'Hello from the model.' });
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'good morning to you'],
      cwd: temporaryDirectory(),
      env: cleanEnvironment({ ...env, TERM: 'xterm-256color' }),
    });
    await pty.waitFor('Hello from the model.');
    await pty.waitFor(/❯/);
    expect(lastPrompt()).toBe('good morning to you');
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
  });

  it('answers once where nobody types, with what is piped in', async () => {
    const { env, lastPrompt } = await scriptedModel({ text: 'Looks fine.' });
    const result = await runShell('printf "+a\\n" | victor "review this change"', { env });
    expect(result).toMatchObject({ code: 0, stdout: 'Looks fine.\n' });
    expect(lastPrompt()).toBe('review this change\n\n<stdin>\n+a\n</stdin>');
  });

  it('takes the flags of ask', async () => {
    const { env } = await scriptedModel({ text: 'Fine.' });
    const result = await runVictor(['is it fine', '--json', '--max-turns', '1'], { env });
    expect(JSON.parse(result.stdout)).toMatchObject({ subtype: 'success', result: 'Fine.' });
  });

  it('asks nobody for a single word, which may be a misspelt command', async () => {
    const { env, server } = await scriptedModel();
    const result = await runVictor(['sesions'], { env });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean sessions/) });
    expect(server.requests).toHaveLength(0);
  });
});
