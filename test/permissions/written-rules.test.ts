import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { settings } from '../../src/config/schema.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';

describe('rules as they are written', () => {
  const unreadable: [string, RegExp][] = [
    ['Bash(git status', /expected Tool or Tool\(pattern\)/],
    ['Bash()', /expected a pattern/],
    ['Bash(ls; rm)', /without quotes and signs/],
    ['Bash(git * push)', /only at the end/],
    ['Read(../x)', /without \.\./],
    ['two words', /expected Tool/],
  ];
  it.each(unreadable)('C15: %s is refused at load, with its key', (rule, words) => {
    for (const key of ['allow', 'ask', 'deny'] as const) {
      const load = () => settings({ permissions: { [key]: ['Read', rule] } });
      expect(load).toThrow(words);
      expect(load).toThrow(`permissions.${key}.1`);
    }
  });

  it('C15: names the file', async () => {
    const cwd = await makeWorkspace({ '.victorrc': 'permissions: { deny: ["Bash(a;b)"] }' });
    const environment = { VICTOR_HOME: await makeWorkspace() };
    const failure = await loadConfig({ cwd, environment }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ file: expect.stringContaining('.victorrc'), key: 'permissions.deny.0' });
  });

  it('C08: a project may ask and deny with patterns, and never allow', async () => {
    const rules = 'permissions: { allow: ["Bash(rm:*)"], ask: ["Edit(*.md)"], deny: ["Bash(git push:*)"] }';
    const cwd = await makeWorkspace({ '.victorrc': rules });
    const environment = { VICTOR_HOME: await makeWorkspace() };
    for (const trust of [false, true]) {
      const { permissions } = (await loadConfig({ cwd, environment, trust })).settings;
      expect(permissions).toMatchObject({ allow: [], ask: ['Edit(*.md)'], deny: ['Bash(git push:*)'] });
    }
  });
});

describe('--allowed-tools with a pattern', () => {
  const made = { name: 'Bash', input: { command: 'touch made' } };
  const other = { name: 'Bash', input: { command: 'touch other' } };

  it('S22: lets just that command run in victor ask', async () => {
    const { ask } = await scriptedModel({ toolCalls: [made] }, { toolCalls: [other] }, { text: 'Done.' });
    const cwd = temporaryDirectory();
    const { code } = await ask(['go', '--allowed-tools', 'Bash(touch made)'], { cwd });
    expect([code, existsSync(join(cwd, 'made')), existsSync(join(cwd, 'other'))]).toEqual([4, true, false]);
  });

  it('C15: that cannot be read is refused before anything runs', async () => {
    const { ask } = await scriptedModel({ toolCalls: [made] }, { text: 'Done.' });
    const cwd = temporaryDirectory();
    const { code, stderr } = await ask(['go', '--allowed-tools', 'Bash(touch made; ls)'], { cwd });
    expect([code, existsSync(join(cwd, 'made'))]).toEqual([2, false]);
    expect(stderr).toContain('without quotes and signs');
  });

  it('--disallowed-tools Edit,Write keeps patches away, too, in yolo', async () => {
    const input = { input: '*** Begin Patch\n*** Add File: made\n+x\n*** End Patch' };
    const step = { toolCalls: [{ name: 'apply_patch', input }] };
    const { ask } = await scriptedModel(step, { text: 'Done.' });
    const cwd = temporaryDirectory();
    const flags = ['--permission-mode', 'yolo'];
    const { code, stderr } = await ask(['go', ...flags, '--disallowed-tools', 'Edit,Write'], { cwd });
    expect([code, existsSync(join(cwd, 'made'))], stderr).toEqual([4, false]);
    const free = await scriptedModel(step, { text: 'Done.' });
    expect((await free.ask(['go', ...flags], { cwd })).code).toBe(0);
    expect(existsSync(join(cwd, 'made'))).toBe(true);
  });

  it('P17: a refusal of .env says how to name it', async () => {
    const read = { toolCalls: [{ name: 'Read', input: { path: '.env' } }] };
    const { ask } = await scriptedModel(read, { text: 'Done.' });
    const { code, stderr } = await ask(['go', '--permission-mode', 'yolo'], { cwd: temporaryDirectory() });
    expect(code).toBe(4);
    expect(stderr).toContain("--allowed-tools 'Read(.env)'");
  });
});
