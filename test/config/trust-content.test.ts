import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentsOf } from '../../src/config/folder-contents.js';
import { loadConfig } from '../../src/config/load.js';
import { isTrusted, trustFolder } from '../../src/config/trust.js';
import { makeWorkspace } from '../helpers/workspace.js';

const rc = `
provider: openai
model: gpt-5
baseURL: https://one.example/v1
tools: [./tool.mjs, evil, [./other.mjs, { level: 1 }]]
exporters: [[webhook, { url: https://one.example/in }]]
compaction: { strategy: ./compaction.ts, threshold: 0.5 }
coordinators: { prompt: ./prompt.mjs }
maxTokens: 9000
fallback: [ollama/qwen3]
`;
const files = {
  // Where a key may go only the user says.
  'home/config.yaml': 'credentialHosts: [one.example]\n',
  'victor/.victorrc': rc,
  'victor/tool.mjs': "import { help } from './lib/help.js';\nexport const create = () => ({ help });\n",
  'victor/lib/help.js': "export const help = await import(`./deep.js`);\nexport const text = 'one';\n",
  'victor/lib/deep.js': 'export const deep = 1;\n',
  'victor/lib/unused.js': 'export const unused = 1;\n',
  'victor/other.mjs': 'export const create = () => ({});\n',
  'victor/compaction.ts': "import type { X } from './types.js';\nexport const create = () => ({});\n",
  'victor/types.ts': 'export type X = 1;\n',
  'victor/prompt.mjs': 'export const create = () => ({});\n',
  'victor/node_modules/evil/package.json': '{ "main": "main.cjs" }',
  'victor/node_modules/evil/main.cjs': "module.exports = require('./second.cjs');\n",
  'victor/node_modules/evil/second.cjs': 'module.exports = {};\n',
};

async function trusted(given: Readonly<Record<string, string>> = files) {
  const root = await realpath(await makeWorkspace(given));
  const cwd = join(root, 'victor');
  const options = { cwd, environment: { VICTOR_HOME: join(root, 'home') } };
  const before = await loadConfig(options);
  await trustFolder(cwd, before.paths, before.unconfirmed);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  };
  return { root, cwd, before, write, load: () => loadConfig(options) };
}

const keys = (items: readonly { readonly key: string }[]) => items.map(({ key }) => key);

describe('trust of a folder is of what was in it', () => {
  it('C07: what was confirmed loads, all of it, without a word', async () => {
    const { load, before, cwd } = await trusted();
    expect(keys(before.unconfirmed).sort()).toEqual(
      [
        'baseURL',
        'compaction.strategy',
        'coordinators.prompt',
        'exporters',
        'fallback',
        'maxTokens',
        'model',
      ].concat(['provider', 'tools', 'tools', 'tools']),
    );
    const { settings, unconfirmed, notices } = await load();
    expect(unconfirmed).toEqual([]);
    expect(settings).toMatchObject({
      provider: 'openai',
      baseURL: 'https://one.example/v1',
      maxTokens: 9000,
    });
    expect(settings.tools).toHaveLength(3);
    expect(settings.coordinators).toEqual({ prompt: join(cwd, 'prompt.mjs') });
    expect(notices.join()).not.toContain('new or changed');
  });

  it.each([
    ['the file itself', 'tool.mjs', 'tools'],
    ['a file that it imports', 'lib/help.js', 'tools'],
    ['a file that is imported in another way by one that it imports', 'lib/deep.js', 'tools'],
    ['the file of another entry, with options', 'other.mjs', 'tools'],
    ['TypeScript that is named by what a compiler would make of it', 'types.ts', 'compaction.strategy'],
    ['a coordinator', 'prompt.mjs', 'coordinators.prompt'],
    ['the main file of a package in node_modules', 'node_modules/evil/main.cjs', 'tools'],
    ['another file of that package', 'node_modules/evil/second.cjs', 'tools'],
  ])('C07 C09: one changed byte in %s asks again, and only for that', async (_, path, key) => {
    const { load, write, cwd } = await trusted();
    await write(path, `${await readFile(join(cwd, path), 'utf8')} `);
    const { settings, unconfirmed, notices } = await load();
    expect(keys(unconfirmed)).toEqual([key]);
    expect(notices).toContainEqual(
      expect.stringMatching(/\.victorrc: not loaded, because it is new or changed .* Run `victor trust`/),
    );
    expect(settings.tools).toHaveLength(key === 'tools' ? 2 : 3);
    if (key === 'compaction.strategy')
      expect(settings.compaction).toMatchObject({ strategy: 'recent', threshold: 0.5 });
    if (key === 'coordinators.prompt') expect(settings.coordinators).toEqual({});
  });

  it('C07: a file that nothing names may change', async () => {
    const { load, write } = await trusted();
    await write('lib/unused.js', 'export const unused = 2;\n');
    expect((await load()).unconfirmed).toEqual([]);
  });

  it.each([
    ['C05', 'baseURL: https://one.example/v1', 'baseURL: https://two.example/v1', 'baseURL'],
    ['C05', 'provider: openai', 'provider: anthropic', 'provider'],
    ['C05', 'model: gpt-5', 'model: ollama/x', 'model'],
    ['C05', 'fallback: [ollama/qwen3]', 'fallback: [groq/qwen3]', 'fallback'],
    ['C06', 'https://one.example/in', 'https://two.example/in', 'exporters'],
    ['C07', '{ level: 1 }', '{ level: 2 }', 'tools'],
    ['C07', './prompt.mjs', './tool.mjs', 'coordinators.prompt'],
  ])('%s: %s that became %s asks again', async (_, from, to, key) => {
    const { load, write } = await trusted();
    await write('.victorrc', rc.replace(from, to));
    const { settings, unconfirmed } = await load();
    expect(keys(unconfirmed)).toEqual([key]);
    if (key === 'fallback') expect(settings.fallback).toEqual([]);
    if (!['baseURL', 'provider', 'model'].includes(key)) return;
    // No address without the provider that it was meant for.
    for (const gone of ['baseURL', 'provider', 'model']) expect(settings).not.toHaveProperty(gone);
  });

  it('C02 C07: settings that are a program run as they were confirmed, and no other way', async () => {
    const { load, write } = await trusted({
      'victor/.victorrc.mjs': "import { turns } from './turns.mjs';\nexport default { maxTurns: turns };\n",
      'victor/turns.mjs': 'export const turns = 3;\n',
    });
    expect(await load()).toMatchObject({ settings: { maxTurns: 3 }, unconfirmed: [] });
    await write('turns.mjs', 'export const turns = 4;\nglobalThis.ranUnconfirmed = true;\n');
    expect(await load()).toMatchObject({ settings: { maxTurns: 50 }, unconfirmed: [{ key: 'settings' }] });
    await write('.victorrc.mjs', 'globalThis.ranUnconfirmed = true;\nexport default { maxTurns: 5 };\n');
    expect(await load()).toMatchObject({ settings: { maxTurns: 50 }, unconfirmed: [{ key: 'settings' }] });
    expect(globalThis).not.toHaveProperty('ranUnconfirmed');
  });

  it('C07: a list of which nothing is confirmed any more leaves what the user has', async () => {
    const { load, write } = await trusted({
      'home/config.yaml': 'contributors: [base, mode]\n',
      'victor/.victorrc': 'contributors: [./own.mjs]\n',
      'victor/own.mjs': 'one',
    });
    await write('own.mjs', 'two');
    expect((await load()).settings.contributors).toEqual(['base', 'mode']);
  });

  it('C07: a confirmed change holds, and what was confirmed before still does', async () => {
    const { load, write, cwd } = await trusted();
    await write('tool.mjs', 'export const create = () => ({ changed: true });\n');
    const { unconfirmed, paths } = await load();
    await trustFolder(cwd, paths, unconfirmed);
    expect((await load()).unconfirmed).toEqual([]);
  });

  it('C18: a folder in the place of the trusted one has confirmed nothing', async () => {
    const { load, cwd, root, before } = await trusted();
    await rename(cwd, join(root, 'moved'));
    await makeCopy(cwd);
    expect(await isTrusted(cwd, before.paths)).toBe(false);
    expect((await load()).settings.tools).toEqual([]);
  });

  it('C09: trust that was stored without what it is of confirms nothing', async () => {
    const { load, before } = await trusted();
    const stored = JSON.parse(await readFile(before.paths.trustFile, 'utf8')) as {
      folders: { pins?: unknown }[];
    };
    for (const folder of stored.folders) delete folder.pins;
    await writeFile(before.paths.trustFile, JSON.stringify(stored));
    const { trusted: is, settings, unconfirmed } = await load();
    expect(is).toBe(true);
    expect(settings.tools).toEqual([]);
    expect(unconfirmed).toHaveLength(9);
  });

  it('lists the program that would win over the settings beside it, and not what it would put aside', async () => {
    const root = await realpath(
      await makeWorkspace({
        'victor/.victorrc.js': 'x',
        'victor/package.json': '{"victor":{"model":"m"}}',
        'victor/AGENTS.md': '',
      }),
    );
    const cwd = join(root, 'victor');
    const loaded = await loadConfig({ cwd, environment: { VICTOR_HOME: join(root, 'home') } });
    expect(contentsOf(loaded, cwd)).toMatchObject({
      items: [{ key: 'settings', file: join(cwd, '.victorrc.js') }],
      instructions: [join(cwd, 'AGENTS.md')],
    });
  });
});

async function makeCopy(cwd: string): Promise<void> {
  for (const [path, text] of Object.entries(files).filter(([name]) => name.startsWith('victor/'))) {
    const file = join(dirname(cwd), path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
