import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseDirectoryOf, type LoadConfigOptions, loadConfig } from '../../src/config/load.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { startFixture } from './fixture-process.js';

/** In a process of its own, because vitest would load what is code by its own means. */
const loadThere = startFixture<{ cwd: string; home: string; trust?: boolean }, object>('config-loader.ts');

interface Place {
  readonly home: string;
  readonly workspace: string;
  load(options?: Partial<LoadConfigOptions>): ReturnType<typeof loadConfig>;
}

/** A home and a git repository with these files, and a way to load the settings of the repository. */
async function place(
  project: Readonly<Record<string, string>>,
  user: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const home = await realpath(await makeWorkspace(user));
  const workspace = await realpath(
    await makeWorkspace({ '.git/HEAD': 'ref: refs/heads/main\n', ...project }),
  );
  const environment = { VICTOR_HOME: home };
  return {
    home,
    workspace,
    load: ({ environment: more, ...options } = {}) =>
      loadConfig({ cwd: workspace, environment: { ...environment, ...more }, ...options }),
  };
}

describe('loadConfig', () => {
  it('answers the defaults where there is nothing', async () => {
    const { load, workspace } = await place({});
    const loaded = await load();
    expect(loaded.settings).toMatchObject({ maxTurns: 50, permissions: { mode: 'ask' } });
    expect(loaded).toMatchObject({ notices: [], trusted: false, workspaceRoot: workspace });
    expect(loaded.origins.maxTurns).toEqual({ layer: 'defaults' });
  });

  it('takes flags before environment before project before user before defaults, key by key', async () => {
    const { load, home, workspace } = await place(
      { '.victorrc': 'maxTurns: 12\nmaxTokens: 3000\nmodel: project\ncompaction: { threshold: 0.6 }\n' },
      {
        'config.yaml':
          'maxTurns: 11\nmaxTokens: 2000\nmodel: user\ncontextWindow: 1000\ncompaction: { threshold: 0.5, strategy: [recent, { keepLast: 9 }] }\n',
      },
    );
    const { settings, origins, layers } = await load({
      trust: true,
      environment: { VICTOR_MODEL: 'environment', VICTOR_MAX_TOKENS: '4000', VICTOR_MAX_BUDGET_USD: '' },
      flags: { model: 'flag' },
    });
    expect(settings).toMatchObject({
      model: 'flag',
      maxTokens: 4000,
      maxTurns: 12,
      contextWindow: 1000,
      compaction: { threshold: 0.6, strategy: ['recent', { keepLast: 9 }] },
    });
    expect(settings).not.toHaveProperty('maxBudgetUsd');
    const file = join(workspace, '.victorrc');
    expect(origins).toMatchObject({
      model: { layer: 'flags' },
      maxTokens: { layer: 'environment', variable: 'VICTOR_MAX_TOKENS' },
      maxTurns: { layer: 'project', file, line: 1 },
      contextWindow: { layer: 'user', file: join(home, 'config.yaml'), line: 4 },
      'compaction.threshold': { layer: 'project', file, line: 4 },
      'compaction.strategy': { layer: 'user', line: 5 },
      'toolSelection.maxTools': { layer: 'defaults' },
    });
    expect(layers.map(({ name }) => name)).toEqual(['defaults', 'user', 'project', 'environment', 'flags']);
  });

  it('says for every leaf where it came from', async () => {
    const { load } = await place(
      { '.victorrc': 'prompt: { context: { team: a, gpt-4.1: { input: 1 } } }\n' },
      { 'config.yaml': 'prices: { m: { input: 3, output: 4 } }\npermissions: { deny: [Bash] }\n' },
    );
    const { settings, origins } = await load({ trust: true });
    const leaves: string[] = [];
    const visit = (value: unknown, key: string): void => {
      const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
      if (typeof value !== 'object' || value === null || Array.isArray(value) || empty) leaves.push(key);
      else {
        for (const [name, child] of Object.entries(value)) {
          visit(child, /^[\w-]+$/.test(name) ? `${key}.${name}` : `${key}["${name}"]`);
        }
      }
    };
    visit(settings, '');
    for (const leaf of leaves) expect(origins).toHaveProperty([leaf.replace(/^\./, '')]);
    expect(leaves).toContain('.prompt.context["gpt-4.1"].input');
    expect(origins['prompt.context["gpt-4.1"].input']).toMatchObject({ layer: 'project', line: 1 });
    expect(origins['prices.m.input']).toMatchObject({ layer: 'user' });
    expect(origins['permissions.deny.0']).toMatchObject({ layer: 'user', line: 2 });
  });

  it('replaces lists, but unites permission rules', async () => {
    const { load } = await place(
      { '.victorrc': 'contributors: [base]\npermissions: { deny: [Write, Bash], ask: [Read] }\n' },
      {
        'config.yaml': 'contributors: [project-files, base]\npermissions: { deny: [Bash], allow: [Grep] }\n',
      },
    );
    const { settings, origins } = await load({ trust: true, flags: { permissions: { allow: ['Glob'] } } });
    expect(settings.contributors).toEqual(['base']);
    expect(settings.permissions).toMatchObject({
      allow: ['Grep', 'Glob'],
      ask: ['Read'],
      deny: ['Bash', 'Write'],
    });
    expect(origins['permissions.deny.0']).toMatchObject({ layer: 'user' });
    expect(origins['permissions.deny.1']).toMatchObject({ layer: 'project' });
    expect(origins['permissions.allow.1']).toMatchObject({ layer: 'flags' });
  });

  it.each([
    ['.victorrc', 'maxTurns: 7\n'],
    ['.victorrc', '{ "maxTurns": 7 }'],
    ['.victorrc', '\ufeffmaxTurns: 7\r\n'],
    ['.victorrc.json', '{\n\t"maxTurns": 7\n}\n'],
    ['.victorrc.yaml', 'maxTurns: 7\n'],
    ['.victorrc.yml', 'maxTurns: 7\n'],
    ['.victorrc.js', 'module.exports = { maxTurns: 7 };\n'],
    ['.victorrc.cjs', 'module.exports = { maxTurns: 7 };\n'],
    ['.victorrc.mjs', 'export default { maxTurns: 7 };\n'],
    ['.victorrc.ts', 'const turns: number = 7;\nexport default { maxTurns: turns };\n'],
    ['victor.config.js', 'module.exports = { maxTurns: 7 };\n'],
    ['victor.config.cjs', 'module.exports = { maxTurns: 7 };\n'],
    ['victor.config.mjs', 'export default { maxTurns: 7 };\n'],
    ['victor.config.ts', 'export default { maxTurns: 7 } as { maxTurns: number };\n'],
    ['package.json', '{ "name": "x", "victor": { "maxTurns": 7 } }'],
  ])('reads %s of a trusted project and of the user: %j', async (name, content) => {
    const project = await place({ [name]: content });
    const seven = { settings: { maxTurns: 7 }, notices: [] };
    expect(await loadThere({ cwd: project.workspace, home: project.home, trust: true })).toMatchObject(seven);
    const user = await place({}, { [`.config/victor/${name}`]: content });
    expect(await loadThere({ cwd: user.workspace, home: user.home })).toMatchObject(seven);
  });

  it('reads the nearest file with settings between the working directory and the workspace root', async () => {
    const { load, workspace } = await place({
      '.victorrc': 'maxTurns: 1\n',
      'a/.victorrc': 'maxTurns: 2\n',
      'a/b/.victorrc': '# nothing here\n',
      'a/b/package.json': '{ "name": "b" }',
      'a/b/c/x': '',
    });
    const turns = async (cwd: string) => (await load({ cwd: join(workspace, cwd) })).settings.maxTurns;
    expect(await turns('a/b/c')).toBe(2);
    expect(await turns('a')).toBe(2);
    expect(await turns('.')).toBe(1);
  });

  it('C17: never reads above the workspace, nor above the working directory outside of one', async () => {
    const { home, workspace } = await place({});
    await writeFile(join(workspace, '.victorrc'), 'maxTurns: 1\n');
    await mkdir(join(workspace, 'inner/.git/refs'), { recursive: true });
    await mkdir(join(workspace, 'inner/sub'));
    const environment = { VICTOR_HOME: home };
    const inner = await loadConfig({ cwd: join(workspace, 'inner/sub'), environment });
    expect(inner).toMatchObject({ workspaceRoot: join(workspace, 'inner'), settings: { maxTurns: 50 } });

    const outside = await realpath(await makeWorkspace({ '.victorrc': 'maxTurns: 1\n', 'sub/x': '' }));
    const below = await loadConfig({ cwd: join(outside, 'sub'), environment });
    expect(below).toMatchObject({ workspaceRoot: join(outside, 'sub'), settings: { maxTurns: 50 } });
  });

  it('does not take the settings of the user for those of a project when one stands in their folder', async () => {
    const { home } = await place({}, { '.victorrc': 'model: mine\napiKeyFile: ./key\n' });
    const loaded = await loadConfig({ cwd: home, environment: { VICTOR_HOME: home } });
    expect(loaded).toMatchObject({ notices: [], settings: { model: 'mine', apiKeyFile: join(home, 'key') } });
  });

  it('says which files do not count because another in the same folder comes first', async () => {
    const { load, workspace } = await place({
      '.victorrc': 'maxTurns: 1\n',
      '.victorrc.json': '{ "maxTurns": 2 }',
    });
    const { settings, notices } = await load();
    expect(settings.maxTurns).toBe(1);
    expect(notices).toEqual([
      `${join(workspace, '.victorrc.json')}: not read, because ${join(workspace, '.victorrc')} comes first.`,
    ]);
  });

  it('C15: names file, line and key of what is wrong, and the nearest key', async () => {
    const { load, workspace, home } = await place({
      '.victorrc': 'model: x\n\ncompaction:\n  treshold: 0.5\n',
    });
    const file = join(workspace, '.victorrc');
    await expect(load()).rejects.toMatchObject({
      code: 'config',
      message: `${file}:4: unknown key compaction.treshold`,
      advice: 'Did you mean compaction.threshold?',
      file,
      line: 4,
      key: 'compaction.treshold',
    });
    await writeFile(file, '{\n "maxTurns": 5,\n "maxTokens": "many"\n}');
    await expect(load()).rejects.toMatchObject({
      message: `${file}:3: maxTokens is "many": expected number`,
      line: 3,
    });
    await writeFile(file, '- a\n- b\n');
    await expect(load()).rejects.toThrow('settings are keys and values');
    await writeFile(file, '');
    await writeFile(join(home, 'config.yaml'), 'zzz: 1\nmaxTurns: x\n');
    await expect(load()).rejects.toThrow(`${join(home, 'config.yaml')}:1: unknown key zzz (and 1 more)`);
  });

  it('C13: a __proto__ key in a file pollutes nothing', async () => {
    const { load } = await place({ '.victorrc': '__proto__: { polluted: 1 }\n' });
    await expect(load()).rejects.toThrow('__proto__ is not allowed');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('names the file of trusted code that throws, or exports no settings', async () => {
    const { load, workspace } = await place({ 'victor.config.mjs': 'throw new Error("no luck");\n' });
    const file = join(workspace, 'victor.config.mjs');
    await expect(load({ trust: true })).rejects.toMatchObject({
      code: 'config',
      message: `${file}: no luck`,
      file,
    });
    await writeFile(file, '// changed, so it is read again\nexport const model = "x";\n');
    await expect(load({ trust: true })).rejects.toThrow('exports no settings');
    await writeFile(file, 'export default { prompt: { context: { f() {} } } };//////////\n');
    await expect(load({ trust: true })).rejects.toThrow('prompt.context.f is not plain data');
  });

  it('makes paths absolute from the folder of the file that names them', async () => {
    const { load, workspace, home } = await place(
      {
        'sub/.victorrc':
          'tools: [./tools/a.js, ../b.js, named]\nexporters: [[./e.js, { path: ./stays }]]\ncoordinators: { context: ./c.js }\n',
      },
      {
        'config.yaml':
          'configProviders: [./team.js]\nprovider: ./provider.js\napiKeyFile: ~/key\nadditionalDirectories: [./lib]\n',
      },
    );
    const loaded = await load({
      cwd: join(workspace, 'sub'),
      trust: true,
      flags: { compaction: { strategy: './s.js' } },
    });
    expect(loaded.settings).toMatchObject({
      tools: [join(workspace, 'sub/tools/a.js'), join(workspace, 'b.js'), 'named'],
      exporters: [[join(workspace, 'sub/e.js'), { path: './stays' }]],
      coordinators: { context: join(workspace, 'sub/c.js') },
      additionalDirectories: [join(home, 'lib')],
      configProviders: [join(home, 'team.js')],
      provider: join(home, 'provider.js'),
      compaction: { strategy: join(workspace, 'sub/s.js') },
    });
    expect(loaded.settings.apiKeyFile).toMatch(/^\/.*\/key$/);
    expect(baseDirectoryOf(loaded, 'tools.2')).toBe(join(workspace, 'sub'));
    expect(baseDirectoryOf(loaded, 'configProviders')).toBe(home);
    expect(baseDirectoryOf(loaded, 'contributors.0')).toBe(home);
    expect(baseDirectoryOf(loaded, 'compaction.strategy')).toBe(home);
  });

  it('keeps model, address and key of one provider away from another', async () => {
    const { load } = await place(
      { '.victorrc': 'provider: openai\n' },
      {
        'config.yaml':
          'provider: anthropic\nmodel: claude\nbaseURL: http://localhost:1\napiKeyFile: ./key\nmaxTurns: 9\n',
      },
    );
    const switched = (await load({ trust: true })).settings;
    expect(switched).toMatchObject({ provider: 'openai', maxTurns: 9 });
    for (const key of ['model', 'baseURL', 'apiKeyFile']) expect(switched).not.toHaveProperty(key);
    const back = await load({ trust: true, flags: { provider: 'openai', model: 'gpt' } });
    expect(back.settings).toMatchObject({ provider: 'openai', model: 'gpt' });
    expect(back.origins).not.toHaveProperty('apiKeyFile');
    expect((await load()).settings).toMatchObject({ provider: 'anthropic', model: 'claude' });
  });

  it('keeps the options of a provider that a higher layer only names, and where they came from', async () => {
    const { load } = await place({}, { 'config.yaml': 'provider: [openai, { api: responses }]\n' });
    const again = await load({ flags: { provider: 'openai', model: 'gpt' } });
    expect(again.settings).toMatchObject({ provider: ['openai', { api: 'responses' }], model: 'gpt' });
    expect(again.origins.provider).toMatchObject({ layer: 'user' });
    const named = await load({ environment: { VICTOR_PROVIDER: 'openai' } });
    expect(named.settings.provider).toEqual(['openai', { api: 'responses' }]);
    expect((await load({ flags: { provider: 'groq' } })).settings.provider).toBe('groq');
    const other = await load({ flags: { provider: ['openai', { api: 'chat' }] } });
    expect(other.settings.provider).toEqual(['openai', { api: 'chat' }]);
    expect(other.origins.provider).toMatchObject({ layer: 'flags' });
    // Who chose the address decides which hosts may get a key.
    const entry = 'provider: [openai, { baseURL: "https://models.example/v1" }]\n';
    const chosen = await (await place({ '.victorrc': entry })).load({
      trust: true,
      flags: { provider: 'openai' },
    });
    expect(chosen.origins.provider).toMatchObject({ layer: 'project' });
  });

  it('gives the key file of the user to no provider that a project chose, by name or by model', async () => {
    for (const project of ['provider: openrouter\n', 'model: openrouter/some/model\n']) {
      const { load } = await place({ '.victorrc': project }, { 'config.yaml': 'apiKeyFile: ./key\n' });
      expect((await load({ trust: true })).settings).not.toHaveProperty('apiKeyFile');
      expect((await load()).settings).toHaveProperty('apiKeyFile');
    }
    const same = await place(
      { '.victorrc': 'model: some/model\n' },
      { 'config.yaml': 'apiKeyFile: ./key\n' },
    );
    expect((await same.load({ trust: true })).settings).toHaveProperty('apiKeyFile');
  });

  it('C17: refuses settings of the user that others may write', async () => {
    const { load, home } = await place({}, { 'config.yaml': 'model: x\n' });
    const { chmod } = await import('node:fs/promises');
    await chmod(join(home, 'config.yaml'), 0o666);
    await expect(load()).rejects.toMatchObject({
      message: `${join(home, 'config.yaml')} can be written by other users`,
      advice: 'Run chmod go-w on it.',
    });
  });

  it('refuses a working directory that is not there', async () => {
    const { load, workspace } = await place({});
    await expect(load({ cwd: join(workspace, 'gone') })).rejects.toMatchObject({ code: 'config' });
    await writeFile(join(workspace, 'file'), '');
    await expect(load({ cwd: join(workspace, 'file') })).rejects.toThrow('is not a folder');
  });

  it('refuses wrong flags', async () => {
    const { load } = await place({});
    await expect(load({ flags: { maxTurns: -1 } })).rejects.toMatchObject({ key: 'maxTurns' });
  });
});
