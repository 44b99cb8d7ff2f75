import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUserSetting } from '../../src/config/edit.js';
import { loadConfig } from '../../src/config/load.js';
import { victorPaths } from '../../src/config/paths.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function home(files: Readonly<Record<string, string>> = {}) {
  const directory = await realpath(await makeWorkspace(files));
  const environment = { VICTOR_HOME: directory };
  const paths = victorPaths(environment);
  const cwd = await makeWorkspace();
  return {
    directory,
    set: (key: string, value: string) => setUserSetting({ key, value, paths }),
    text: (name = 'config.yaml') => readFile(join(directory, name), 'utf8'),
    settings: async () => (await loadConfig({ cwd, environment })).settings,
  };
}

describe('setUserSetting', () => {
  it('makes the file when there is none, for the user alone', async () => {
    const { set, settings, directory } = await home();
    expect(await set('model', 'claude-sonnet-4-5')).toEqual({ file: join(directory, 'config.yaml') });
    expect((await settings()).model).toBe('claude-sonnet-4-5');
    expect((await stat(join(directory, 'config.yaml'))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['config.yaml']);
  });

  it('keeps comments and order, and writes nested keys where they belong', async () => {
    const { set, text } = await home({
      'config.yaml': '# mine\nmodel: a # good\n\ncompaction:\n  # late\n  threshold: 0.9\n',
    });
    await set('model', 'b');
    await set('compaction.threshold', '0.7');
    await set('compaction.strategy', '[recent, { keepLast: 5 }]');
    await set('prices["gpt-4.1"].input', '1').catch(() => {});
    await set('prices', '{ "gpt-4.1": { input: 1, output: 2 } }');
    await set('prices["gpt-4.1"].input', '3');
    expect(await text()).toBe(
      '# mine\nmodel: b # good\n\ncompaction:\n  # late\n  threshold: 0.7\n  strategy: [ recent, { keepLast: 5 } ]\nprices: { gpt-4.1: { input: 3, output: 2 } }\n',
    );
  });

  it('reads the value as YAML, and as plain text where the setting wants text', async () => {
    const { set, settings } = await home();
    await set('maxTurns', '7');
    await set('analytics.enabled', 'false');
    await set('credentialHosts', '[a.example, b.example]');
    await set('model', '4');
    await set('prompt.append', 'Be brief: one line.');
    await set('prompt.context.team', '"7"');
    expect(await settings()).toMatchObject({
      maxTurns: 7,
      analytics: { enabled: false },
      credentialHosts: ['a.example', 'b.example'],
      model: '4',
      prompt: { append: 'Be brief: one line.', context: { team: '7' } },
    });
  });

  it.each([
    ['maxTurn', '7', 'unknown key maxTurn', 'Did you mean maxTurns?'],
    ['compaction.treshold', '0.7', 'unknown key compaction.treshold', 'Did you mean compaction.threshold?'],
    ['maxTurns', 'many', 'maxTurns is "many": expected number', undefined],
    ['permissions.mode', 'yollo', 'permissions.mode is "yollo"', 'Did you mean yolo?'],
    ['model.name', 'x', 'model.name cannot be set', undefined],
    ['max turns', '7', 'unknown key', 'Did you mean maxTurns?'],
    ['..', '7', 'is not a key', undefined],
    ['__proto__.x', '7', '__proto__ is not allowed', undefined],
    ['prompt.context', '&a [*a, *a]', 'prompt.context', undefined],
  ])('refuses %s = %s and writes nothing', async (key, value, message, advice) => {
    const before = 'model: a\n';
    const { set, text } = await home({ 'config.yaml': before });
    const error = await set(key, value).then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; message: string; advice: string },
    );
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(message) as string });
    if (advice) expect(error?.advice).toBe(advice);
    expect(error?.advice).toBeTruthy();
    expect(await text()).toBe(before);
  });

  it('writes the file that is read: YAML, JSON as JSON, through a symbolic link; never code', async () => {
    const json = await home({ '.victorrc': '{ "model": "a" }' });
    await json.set('maxTurns', '7');
    expect(JSON.parse(await json.text('.victorrc'))).toEqual({ model: 'a', maxTurns: 7 });

    const linked = await home({ 'dotfiles/victor.yaml': '# kept\nmodel: a\n' });
    await symlink('dotfiles/victor.yaml', join(linked.directory, 'config.yaml'));
    await linked.set('model', 'b');
    expect(await readlink(join(linked.directory, 'config.yaml'))).toBe('dotfiles/victor.yaml');
    expect(await linked.text('dotfiles/victor.yaml')).toBe('# kept\nmodel: b\n');

    const code = await home({ 'victor.config.mjs': 'export default {};\n' });
    await expect(code.set('model', 'b')).rejects.toThrow('which only you can edit');
  });

  it('reports what is wrong with the file before touching it', async () => {
    const { set, text, directory } = await home({ 'config.yaml': 'model: a\nzzz: 1\n' });
    await expect(set('model', 'b')).rejects.toMatchObject({ line: 2, key: 'zzz' });
    expect(await text()).toBe('model: a\nzzz: 1\n');
    await chmod(join(directory, 'config.yaml'), 0o606);
    await expect(set('model', 'b')).rejects.toThrow('can be written by other users');
  });

  it('says so when it cannot write', async () => {
    const { directory } = await home();
    await writeFile(join(directory, 'file'), '');
    const paths = victorPaths({ VICTOR_HOME: join(directory, 'file/sub') });
    await expect(setUserSetting({ key: 'model', value: 'x', paths })).rejects.toMatchObject({
      code: 'config',
    });
    await mkdir(join(directory, 'config.yaml'));
    await expect(
      setUserSetting({ key: 'model', value: 'x', paths: { configDirectory: directory } }),
    ).rejects.toThrow('is a folder, not a file');
  });
});
