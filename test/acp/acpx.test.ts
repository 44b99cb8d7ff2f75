import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ScriptedModel, scriptedModel } from '../helpers/ask-model.js';
import { launcher, runShell, temporaryDirectory } from '../helpers/run-victor.js';
import { folderWith } from './folders.js';

const acpx = join(dirname(createRequire(import.meta.url).resolve('acpx/package.json')), 'dist/cli.js');

/** Runs acpx, a client that others made, with `victor acp` as its agent. */
function client(model: ScriptedModel, cwd: string) {
  const home = temporaryDirectory();
  const env = { ...model.env, HOME: home, VICTOR_HOME: join(home, 'victor') };
  return (flags: string, command: string) =>
    runShell(`"$VICTOR_NODE" ${acpx} --agent "$VICTOR_NODE ${launcher} acp" ${flags} ${command}`, {
      cwd,
      env,
    });
}

const edit = { toolCalls: [{ name: 'Edit', input: { path: 'a.txt', oldText: 'one', newText: 'two' } }] };

describe.concurrent('acpx, a client of others, and victor acp', () => {
  it('an edit that it approves is made, and shown as a tool that was completed', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const model = await scriptedModel(edit, { text: 'Changed it.' });
    const { code, stdout } = await client(model, cwd)('--approve-all', 'exec "change it"');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/Edit a\.txt[\s\S]*completed[\s\S]*Changed it\.[\s\S]*end_turn/),
    });
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('two\n');
  });

  it('one that it refuses is not, and the model is told', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const model = await scriptedModel(edit, { text: 'Left it.' });
    const { stdout } = await client(model, cwd)('--deny-all', 'exec "change it"');
    expect(stdout).toMatch(/failed[\s\S]*Left it\./);
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
    expect(model.toolResults().join()).toContain('Not run');
  });

  it('every message in JSON is one that its own SDK, an older one, understands', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const model = await scriptedModel({ thinking: 'Hm.', ...edit }, { text: 'Changed it.' });
    const { code, stdout, stderr } = await client(model, cwd)(
      '--approve-all --format json',
      'exec "change it"',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const kinds = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).params?.update?.sessionUpdate);
    expect(kinds).toEqual(
      expect.arrayContaining(['agent_thought_chunk', 'tool_call', 'tool_call_update', 'usage_update']),
    );
  });

  it('a session goes on over its processes: loaded again, with a prompt from a file', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const model = await scriptedModel({ text: 'First.' }, { text: 'Second.' });
    const run = client(model, cwd);
    expect((await run('', 'sessions new')).code).toBe(0);
    expect((await run('--ttl 1', 'prompt first')).stdout).toContain('First.');
    writeFileSync(join(cwd, 'prompt.txt'), 'second');
    const { stdout } = await run('--ttl 1', 'prompt --file prompt.txt');
    expect(stdout).toContain('Second.');
    const { messages } = model.lastBody();
    expect(JSON.stringify(messages)).toMatch(/first[\s\S]*First\.[\s\S]*second/);
    expect((await run('', 'sessions close')).code).toBe(0);
  });
});
