import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { methods } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { until } from '../helpers/until.js';
import { type Editor, startEditor } from './editor.js';
import { folderWith, realFolder } from './folders.js';

const bash = (command: string) => ({ toolCalls: [{ name: 'Bash', input: { command } }] });
/** Whether a process has this among its arguments; the numbers of a sandbox are others than here. */
const isRunning = (argument: string) =>
  readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument);
    } catch {
      return false;
    }
  });
const cancel = (editor: Editor, sessionId: string) =>
  editor.agent.notify(methods.agent.session.cancel, { sessionId });

describe.concurrent('an editor that cancels', () => {
  it('while a question is open: the turn ends as cancelled, nothing runs, and the session goes on', async () => {
    const cwd = realFolder();
    const model = await scriptedModel(bash('touch there'), { text: 'Here again.' });
    let answer: (optionId: string) => void = () => {};
    const editor = await startEditor({
      env: model.env,
      answer: () => new Promise((resolve) => (answer = resolve)),
    });
    const id = await editor.open(cwd);
    const turn = editor.prompt(id, 'do it');
    await until(() => editor.questions.length === 1);
    await cancel(editor, id);
    expect(await turn).toBe('cancelled');
    expect(editor.of('tool_call_update').at(-1)).toMatchObject({ status: 'failed' });
    // An answer that comes too late is an answer to nothing.
    answer('once');
    expect(await editor.prompt(id, 'are you there?')).toBe('end_turn');
    expect(existsSync(join(cwd, 'there'))).toBe(false);
    expect(editor.text(id)).toBe('Here again.');
    expect(editor.of('tool_call_update').at(-1)).toMatchObject({ status: 'failed' });
    await editor.close();
  });

  it('while a command runs: it is ended with everything it started, and its call has a result', async () => {
    const cwd = realFolder();
    const marker = String(Date.now() + Math.random());
    const model = await scriptedModel(bash(`sleep ${marker} & echo > there; wait`), { text: 'Yes.' });
    const editor = await startEditor({ env: model.env, args: ['--allowed-tools', 'Bash'] });
    const id = await editor.open(cwd);
    const turn = editor.prompt(id, 'wait');
    await until(() => existsSync(join(cwd, 'there')) && isRunning(marker));
    await cancel(editor, id);
    expect(await turn).toBe('cancelled');
    await until(() => !isRunning(marker));
    expect(await editor.prompt(id, 'and now?')).toBe('end_turn');
    // A history with a call that has no result would be refused.
    expect(model.toolResults()).toHaveLength(1);
    await editor.close();
  });

  it('while the model says nothing, and by cancelling the request itself', async () => {
    const model = await scriptedModel({ stallBeforeHeaders: true });
    const editor = await startEditor({ env: model.env });
    const id = await editor.open(realFolder());
    const turn = editor.prompt(id, 'say something');
    await until(() => model.server.requests.length === 1);
    await cancel(editor, id);
    expect(await turn).toBe('cancelled');

    const request = new AbortController();
    const prompt = [{ type: 'text', text: 'once more' } as const];
    const second = editor.agent.request(
      methods.agent.session.prompt,
      { sessionId: id, prompt },
      { cancellationSignal: request.signal },
    );
    await until(() => model.server.requests.length === 2);
    request.abort();
    expect(await second).toMatchObject({ stopReason: 'cancelled' });
    await editor.close();
  });

  it('in a session where nothing runs, and one that there is not: nothing happens', async () => {
    const model = await scriptedModel({ text: 'Yes.' });
    const editor = await startEditor({ env: model.env });
    const id = await editor.open(folderWith({}));
    await cancel(editor, id);
    await cancel(editor, 'none');
    expect(await editor.prompt(id, 'hi')).toBe('end_turn');
    expect(await editor.close()).toEqual({ code: 0, stderr: '' });
  });
});
