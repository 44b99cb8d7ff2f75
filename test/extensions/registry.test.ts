import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Entry, type LoadExtensionOptions, resolveEntry } from '../../src/extensions/registry.js';
import { startFixture } from '../config/fixture-process.js';
import { makeWorkspace } from '../helpers/workspace.js';

const says = (text: string) => `{ getContribution: () => ${JSON.stringify(text)} }`;
interface Answer {
  readonly text?: string;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code: string;
    readonly advice: string;
  };
}

type Job = Pick<LoadExtensionOptions<unknown>, 'kind' | 'entry' | 'baseDirectory' | 'timeoutMs'> & {
  /** No built-ins at all. */
  readonly bare?: true;
  /** Where the process stands, and whose packages NODE_PATH names. */
  readonly surroundings?: string;
};

const loadExtensionThere = startFixture<Job, Answer>('extension-loader.ts');

/** What the extension says, or the error, of an entry named by a file in a folder with these files. */
async function load(
  entry: Entry,
  files: Readonly<Record<string, string>> = {},
  more: Partial<Job> = {},
): Promise<Answer> {
  const baseDirectory = more.baseDirectory ?? (await makeWorkspace(files));
  return loadExtensionThere({ kind: 'contributor', entry, ...more, baseDirectory });
}

describe('loadExtension', () => {
  it('takes an entry apart', () => {
    expect(resolveEntry('base')).toEqual({ name: 'base', options: {} });
    expect(resolveEntry(['./x.js', { a: 1 }])).toEqual({ name: './x.js', options: { a: 1 } });
  });

  it('makes a built-in by name, with its options', async () => {
    expect(await load('base')).toEqual({ text: 'base' });
    expect(await load(['project-files', { a: 1 }])).toEqual({ text: '{"a":1}' });
    expect(await load('project-files')).toEqual({ text: '{}' });
  });

  it.each([
    ['./x.mjs', `export const create = () => (${says('module')});`],
    ['./x.js', `exports.create = () => (${says('module')});`],
    ['./x.cjs', `module.exports = { create: () => (${says('module')}) };`],
    [
      './x.cjs',
      `module.exports = Object.assign(Object.create(null), { ['cre' + 'ate']: () => (${says('module')}) });`,
    ],
    ['./sub/../x.mjs', `export async function create() { return ${says('module')}; }`],
    ['./x.ts', `interface A { b: string }\nexport const create = (options: A) => (${says('module')});`],
    ['./x.mts', `export const create = (): object => (${says('module')});`],
  ])('loads a file: %s %s', async (name, content) => {
    const file = name.replace('sub/../', '');
    expect(await load(name, { [file]: content, 'sub/x': '' })).toEqual({ text: 'module' });
    const directory = await makeWorkspace({ [file]: content });
    expect(await load(join(directory, file))).toEqual({ text: 'module' });
  });

  it('loads TypeScript that imports TypeScript', async () => {
    const files = {
      'package.json': '{ "type": "module" }',
      'x.ts': `import { text } from './text.js';\nexport const create = () => ({ getContribution: (): string => text });`,
      'text.ts': `export const text: string = 'imported';`,
    };
    expect(await load('./x.ts', files)).toEqual({ text: 'imported' });
  });

  it('runs a file again when it changed', async () => {
    const baseDirectory = await makeWorkspace({ 'x.mjs': `export const create = () => (${says('old')});` });
    expect(await load('./x.mjs', {}, { baseDirectory })).toEqual({ text: 'old' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(join(baseDirectory, 'x.mjs'), `export const create = () => (${says('new')});`);
    expect(await load('./x.mjs', {}, { baseDirectory })).toEqual({ text: 'new' });
  });

  it.each([
    ['plain', '{ "main": "lib/x.cjs" }', 'lib/x.cjs', 'exports.create = () => (BODY);'],
    ['no-main', '{}', 'index.js', 'exports.create = () => (BODY);'],
    ['@team/scoped', '{ "exports": "./x.mjs" }', 'x.mjs', 'export const create = () => (BODY);'],
    [
      'import-only',
      '{ "exports": { ".": { "types": "./x.d.ts", "import": "./x.mjs" } } }',
      'x.mjs',
      'export const create = () => (BODY);',
    ],
    [
      'deep/part',
      '{ "exports": { "./part": { "node": { "default": "./p.mjs" } } } }',
      'p.mjs',
      'export const create = () => (BODY);',
    ],
  ])('loads an installed package: %s', async (name, manifest, file, code) => {
    const root = name === 'deep/part' ? 'deep' : name;
    const directory = await makeWorkspace({
      [`node_modules/${root}/package.json`]: manifest,
      [`node_modules/${root}/${file}`]: code.replace('BODY', says('package')),
    });
    await mkdir(join(directory, 'sub'));
    expect(await load(name, {}, { baseDirectory: directory })).toEqual({ text: 'package' });
    expect(await load(name, {}, { baseDirectory: join(directory, 'sub') })).toEqual({ text: 'package' });
  });

  it('takes a built-in before a package of the same name', async () => {
    const files = {
      'node_modules/base/index.js': `exports.create = () => (${says('package')});`,
      'node_modules/base/package.json': '{}',
    };
    expect(await load('base', files)).toEqual({ text: 'base' });
  });

  it('C11: finds packages from the folder it is given, never through NODE_PATH or the working directory', async () => {
    const elsewhere = await makeWorkspace({
      'node_modules/stray/package.json': '{}',
      'node_modules/stray/index.js': `exports.create = () => (${says('stray')});`,
    });
    const error = { message: 'there is no contributor named "stray"' };
    expect(await load('stray', {}, { surroundings: elsewhere })).toMatchObject({ error });
    expect(await load('stray', {}, { baseDirectory: elsewhere })).toEqual({ text: 'stray' });
  });

  it('checks options with the schema that a module exports', async () => {
    const files = {
      'x.mjs': `import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
export const optionsSchema = z.strictObject({ region: z.string(), size: z.number().default(3) });
export const create = ({ region, size }) => ({ getContribution: () => region + size });`,
    };
    expect(await load(['./x.mjs', { region: 'eu' }], files)).toEqual({ text: 'eu3' });
    expect((await load(['./x.mjs', { region: 7 }], files)).error?.message).toBe(
      'contributor "./x.mjs": wrong options: region: Invalid input: expected string, received number',
    );
  });

  it('lists what is built in, and the nearest, for an unknown name', async () => {
    const { error } = await load('project-file');
    expect(error?.message).toBe('there is no contributor named "project-file"');
    expect(error?.advice).toMatch(
      /^Did you mean project-files\? Built in: base, project-files, strict; a file is/,
    );
    expect(await load('x', {}, { bare: true, kind: 'tool-selection' })).toMatchObject({
      error: {
        message: 'there is no tool selection named "x"',
        advice: expect.stringMatching(/^None is built in;/) as string,
      },
    });
  });

  it.each(['constructor', 'toString', '__proto__', 'fs', 'node:fs', '..%2f', 'a b', ''])(
    'does not take %j for a built-in or a package',
    async (name) => {
      const message = expect.stringMatching(/no contributor named/) as string;
      expect(await load(name)).toMatchObject({ error: { code: 'extension', message } });
    },
  );

  it.each([
    ['./gone.js', {}, /^contributor ".\/gone.js": there is no file \/.*\/gone.js$/],
    ['./folder', { 'folder/x': '' }, /there is no file/],
    ['./x.mjs', { 'x.mjs': 'export const make = 1, b = 2;' }, /exports b, make, but no create\(options\)$/],
    ['./x.mjs', { 'x.mjs': 'export default class {}' }, /exports default, but no create/],
    ['./x.mjs', { 'x.mjs': 'throw new Error("on load\\nsecond line");' }, /"\.\/x\.mjs": on load$/],
    ['./x.mjs', { 'x.mjs': 'export const create = () => { throw new Error("no luck"); };' }, /: no luck$/],
    ['./x.mjs', { 'x.mjs': 'export const create = async () => { throw new Error("later"); };' }, /: later$/],
    ['./x.mjs', { 'x.mjs': 'export const create = () => { throw "text"; };' }, /: text$/],
    ['./x.mjs', { 'x.mjs': 'export const create = () => undefined;' }, /create\(\) returned undefined$/],
    ['./x.mjs', { 'x.mjs': 'export const create = () => null;' }, /create\(\) returned null$/],
    ['./x.mjs', { 'x.mjs': 'export const create = () => ({' }, /: Unexpected end of input$/],
    ['./x.ts', { 'x.ts': 'export const create = (: string) => 1;' }, /^contributor ".\/x.ts": /],
    ['./x.mjs', { 'x.mjs': 'import "../gone.mjs";' }, /Cannot find module/],
    [
      ['strict', { region: 7 }] as Entry,
      {},
      /^contributor "strict": wrong options: region: Invalid input: expected string/,
    ],
  ])('says what is wrong with %j %j', async (entry, files, message) => {
    const { error } = await load(entry, files as Record<string, string>);
    expect(error).toMatchObject({ name: 'ExtensionError', code: 'extension' });
    expect(error?.message).toMatch(message);
    expect(error?.advice).toBeTruthy();
  });

  it('does not wait for ever', async () => {
    const files = { 'x.mjs': 'export const create = () => new Promise(() => {});' };
    const { error } = await load('./x.mjs', files, { timeoutMs: 50 });
    expect(error?.message).toBe('contributor "./x.mjs": was not ready within 50 ms');
  });
});
