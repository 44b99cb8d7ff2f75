import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { compileFixture, runProgram, startFixture } from './fixture-process.js';

interface Answer {
  readonly text?: string;
  readonly error?: { readonly message: string; readonly advice: string };
}

const loadThere = startFixture<object, Answer>('extension-loader.ts');

/** What the contributor in `x.ts` (or another entry) says, loaded by Node alone in a folder with these files. */
async function load(files: Readonly<Record<string, string>>, entry = './x.ts'): Promise<Answer> {
  const baseDirectory = await makeWorkspace(files);
  return loadThere({ kind: 'contributor', entry, baseDirectory });
}

const says = (expression: string) =>
  `export const create = (options: object) => ({ getContribution: (): string => String(${expression}) });`;

describe('an extension in TypeScript', () => {
  it('may use what types cannot be stripped from, and import with and without an extension', async () => {
    const files = {
      'x.ts': `import { Colour } from './colour';\nimport { size } from './deep/size.js';\nimport data from './data.json';\n${says('[Colour.Red, size, data.team]')}`,
      'colour.ts': `export enum Colour { Red = 'red' }`,
      'deep/size.ts':
        'class Box { constructor(readonly size: number) {} }\nexport const { size } = new Box(7);',
      'data.json': '{ "team": "blue" }',
    };
    expect(await load(files)).toEqual({ text: 'red,7,blue' });
  });

  it('finds the files beside its source, in each of its modules', async () => {
    const files = {
      'x.ts': `import { readFileSync } from 'node:fs';\nimport { here } from './part/here.js';
        const own = readFileSync(new URL('./rules.txt', import.meta.url), 'utf8');
        ${says('[own, readFileSync(here, "utf8"), import.meta.filename.endsWith("x.ts")]')}`,
      'part/here.ts': `import { join } from 'node:path';\nexport const here = join(import.meta.dirname, 'part.txt');`,
      'rules.txt': 'rules',
      'part/part.txt': 'part',
    };
    expect(await load(files)).toEqual({ text: 'rules,part,true' });
    const common = {
      'x.cts': `const { readFileSync } = require('node:fs');
        exports.create = () => ({ getContribution: () => readFileSync(__dirname + '/rules.txt', 'utf8') });`,
      'rules.txt': 'rules',
    };
    expect(await load(common, './x.cts')).toEqual({ text: 'rules' });
  });

  it('gets the packages of its own folder, as Node runs them and never compiled in', async () => {
    const files = {
      'sub/x.ts': `import modern from 'modern';\nimport { old } from 'old/part';\n${says('[modern(), old]')}`,
      'node_modules/modern/package.json': '{ "type": "module", "exports": "./m.js" }',
      // A second copy, as a compiler would make it, would not be the one that is imported here by its file.
      'node_modules/modern/m.js':
        'export default function modern() { return import.meta.url.endsWith("node_modules/modern/m.js"); }',
      'node_modules/old/package.json': '{}',
      'node_modules/old/part.js': 'exports.old = __filename.endsWith("old/part.js");',
    };
    expect(await load(files, './sub/x.ts')).toEqual({ text: 'true,true' });
  });

  it('may use the paths of its tsconfig.json', async () => {
    const files = {
      'x.ts': `import { one } from '@/one';\n${says('one')}`,
      'src/one.ts': 'export const one: number = 1;',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    };
    expect(await load(files)).toEqual({ text: '1' });
  });

  it('describes its options with zod also where zod is not installed', async () => {
    const files = {
      'x.ts': `import { z } from 'zod';\nexport const optionsSchema = z.strictObject({ region: z.string() });\n${says('1')}`,
    };
    const baseDirectory = await makeWorkspace(files);
    const answer = await loadThere({ kind: 'contributor', entry: ['./x.ts', { size: 1 }], baseDirectory });
    expect(answer.error?.message).toMatch(/^contributor ".\/x.ts": wrong options: region: /);
  });

  it.each([
    ['x.ts', 'const a = 1;\nexport const create = (: string) => a;', /x\.ts:2: /],
    ['x.ts', `const a = 1;\n\nimport 'not-installed';`, /x\.ts:3: Could not resolve "not-installed"$/],
    ['x.ts', `import './gone.js';`, /x\.ts:1: Could not resolve ".\/gone.js"$/],
  ])('a mistake that %s has is named with file and line', async (name, content, message) => {
    expect((await load({ [name]: content })).error?.message).toMatch(message);
  });

  it('shows the lines of its source where it throws', async () => {
    const files = {
      'x.ts': `import { fail } from './fail.js';\n\n\n${says('fail()')}`,
      'fail.ts': `interface A {\n  b: string;\n}\nexport function fail(): string {\n  const a: A = { b: 'x' };\n  return new Error(a.b).stack!;\n}`,
    };
    const { text } = await load(files);
    expect(text).toMatch(/fail\.ts:6:10/);
    expect(text).toMatch(/x\.ts:4:/);
  });

  it('is compiled outside the workspace, and leaves nothing behind', async () => {
    const temporary = temporaryDirectory();
    const cwd = await makeWorkspace({
      '.victorrc': 'contributors: [base, ./x.ts]',
      'x.ts': says('"compiled"'),
    });
    const env = { TMPDIR: temporary };
    const { code, stderr } = await runVictor(['tools', '--trust'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(cwd).sort()).toEqual(['.victorrc', 'x.ts']);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('may import values of victor-agent, which are those of the Victor that runs', async () => {
    const cwd = await makeWorkspace({
      '.victorrc': 'contributors: [base, ./x.ts]',
      'x.ts': `import { ConfigError, type PromptContributor } from 'victor-agent';
        export function create(): PromptContributor {
          throw new ConfigError('no region was chosen', { advice: 'Choose the region eu.' });
        }`,
    });
    const { code, stderr } = await runVictor(['tools', '--trust'], { cwd });
    // Only of an error of its own class does Victor take the advice.
    expect(stderr).toMatch(/contributor ".*x\.ts": no region was chosen\. Choose the region eu\./);
    expect(code).toBe(0);
  });

  it('settings in TypeScript load the same way', async () => {
    const cwd = await makeWorkspace({
      'victor.config.ts': `import { turns } from './turns';\nexport default { maxTurns: turns as number };`,
      'turns.ts': 'export const turns: number = 7;',
    });
    const { stdout } = await runVictor(['config', 'show', '--origin', '--trust'], { cwd });
    expect(stdout).toMatch(/^maxTurns = 7 {2}# project .*victor\.config\.ts$/m);
  });
});

describe('TypeScript where esbuild was left out of the installation', () => {
  /** The loader with just these packages installed beside it. */
  async function loadWith(packages: readonly string[]): Promise<Answer> {
    const { program, remove } = compileFixture('extension-loader.ts', (folder) => {
      mkdirSync(join(folder, 'node_modules'));
      for (const name of packages) {
        const from = fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));
        symlinkSync(from, join(folder, 'node_modules', name));
      }
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    });
    const baseDirectory = await makeWorkspace({ 'x.ts': says('"loaded"') });
    try {
      return await runProgram<Answer>(program, { kind: 'contributor', entry: './x.ts', baseDirectory });
    } finally {
      remove();
    }
  }

  it('is run by tsx, if that is there', async () => {
    expect(await loadWith(['zod', 'tsx'])).toEqual({ text: 'loaded' });
  });

  it('is refused with what to install, if nothing can run it', async () => {
    const { error } = await loadWith(['zod']);
    expect(error?.message).toMatch(/is TypeScript, and esbuild, which compiles it, is not installed/);
    expect(error?.advice).toMatch(/install tsx in that project, or write the file in JavaScript/);
  });
});
