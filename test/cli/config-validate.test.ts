import { describe, expect } from 'vitest';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { makeWorkspace } from '../helpers/workspace.js';

interface Report {
  readonly valid: boolean;
  readonly files: readonly string[];
  readonly problems: readonly {
    readonly file?: string;
    readonly line?: number;
    readonly key?: string;
    readonly message: string;
    readonly advice?: string;
  }[];
  readonly notices: readonly string[];
}

/** `victor config validate` in a folder with these files. */
async function validate(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const cwd = await makeWorkspace(files);
  const result = await runVictor(['config', 'validate', ...args], { cwd, env });
  const lines = result.stderr
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(cwd, '.'));
  return { ...result, cwd, lines: result.stderr === '' ? [] : lines };
}

async function report(files: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const { stdout, code, cwd, stderr } = await validate(files, [...args, '--json']);
  expect(stderr).toBe('');
  const parsed = JSON.parse(stdout) as Report;
  expect(code).toBe(parsed.valid ? 0 : 2);
  return { ...parsed, cwd };
}

const broken = `maxTurn: 5
compaction:
  threshold: 2
  strateg: recent
permissions: { mode: yoloo }
`;

describe('victor config validate FILE', () => {
  it('says in one line that a file is right', async () => {
    const { code, stdout, lines, cwd } = await validate({ 'a.yaml': 'maxTurns: 5' }, ['a.yaml']);
    expect({ code, lines, stdout }).toEqual({ code: 0, lines: [], stdout: `valid: ${cwd}/a.yaml\n` });
  });

  it('names every mistake with file, line, key and the nearest that is right, in the order of the file', async () => {
    const { code, stdout, lines } = await validate({ '.victorrc': broken }, ['.victorrc']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(lines).toEqual([
      'victor: ./.victorrc:1: unknown key maxTurn. Did you mean maxTurns?',
      expect.stringMatching(/^victor: \.\/\.victorrc:3: compaction\.threshold is 2: .*<=1\. Correct/),
      'victor: ./.victorrc:4: unknown key compaction.strateg. Did you mean compaction.strategy?',
      expect.stringMatching(
        /^victor: \.\/\.victorrc:5: permissions\.mode is "yoloo": .* Did you mean yolo\?$/,
      ),
    ]);
    const { problems, cwd } = await report({ '.victorrc': broken }, ['.victorrc']);
    expect(problems.map(({ file, line, key }) => [file, line, key])).toEqual([
      [`${cwd}/.victorrc`, 1, 'maxTurn'],
      [`${cwd}/.victorrc`, 3, 'compaction.threshold'],
      [`${cwd}/.victorrc`, 4, 'compaction.strateg'],
      [`${cwd}/.victorrc`, 5, 'permissions.mode'],
    ]);
    expect(problems[0]).toMatchObject({ message: 'unknown key maxTurn', advice: 'Did you mean maxTurns?' });
  });

  it('names what does not exist: built-ins, files, packages, options and providers, and runs none of them', async () => {
    const text = `contributors: [base, bsae, ./here.js, ./gone.js, installed]
compaction: { strategy: recnt }
exporters:
  - [file, { path: x, pth: x }]
provider: anthropik
tools: [not-installed]
`;
    const boom = 'throw new Error("it ran");';
    const files = {
      '.victorrc': text,
      'here.js': boom,
      'node_modules/installed/package.json': '{}',
      'node_modules/installed/index.js': boom,
    };
    const { lines, code } = await validate(files, ['.victorrc']);
    expect(code).toBe(2);
    const found = lines.map((line) =>
      line.replace(/ (A file|a file is written|Choose one of|Built in:).*/, ''),
    );
    expect(found).toEqual([
      expect.stringMatching(/:1: there is no contributor named "bsae"\. Did you mean base\?/),
      expect.stringMatching(/:1: contributor ".*gone\.js": there is no file .*gone\.js\./),
      expect.stringMatching(/:2: there is no compaction named "recnt"\. Did you mean recent\?/),
      expect.stringMatching(/:4: .*no option "pth".* Did you mean path\?/),
      expect.stringMatching(/:5: There is no provider "anthropik"\./),
      expect.stringMatching(/:6: there is no tool named "not-installed"\./),
    ]);
  });

  it.each([
    ['.victorrc.json', '{ "maxTurn": 1 }', 1],
    ['.victorrc.yml', 'a: 1', 1],
    ['package.json', '{ "name": "x",\n  "victor": { "maxTurn": 1 } }', 2],
    ['no-such-name', '\nmaxTurn: 1', 2],
    ['.victorrc', 'model: [', 1],
    ['.victorrc', 'model: a\nmodel: b', 2],
    ['.victorrc', '"$import": ./x.js', 1],
  ])('reads %s: %j is wrong in line %i', async (name, text, line) => {
    const { problems, cwd } = await report({ [name]: text }, [name]);
    expect(problems).toMatchObject([{ file: `${cwd}/${name}`, line }]);
  });

  it('reads the other formats, and what says nothing is right', async () => {
    expect((await report({ '.victorrc.json': '\uFEFF{ "maxTurns": 1 }' }, ['.victorrc.json'])).valid).toBe(
      true,
    );
    expect((await report({ 'package.json': '{ "victor": {} }' }, ['package.json'])).valid).toBe(true);
    expect((await report({ '.victorrc': '# nothing' }, ['.victorrc'])).valid).toBe(true);
  });

  it('runs settings that are code only where they are trusted, or with --trust', async () => {
    const files = { 'victor.config.ts': 'export default { maxTurn: 1 as number };' };
    const refused = await report(files, ['victor.config.ts']);
    expect(refused.problems).toMatchObject([
      { message: expect.stringMatching(/is code, and .* not trusted/) },
    ]);
    const { problems } = await report(files, ['victor.config.ts', '--trust']);
    expect(problems).toMatchObject([{ key: 'maxTurn' }]);
  });

  it('says that a file is missing', async () => {
    const { code, lines } = await validate({}, ['gone.yaml']);
    expect(code).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/^victor: .*gone\.yaml.*does not exist/)]);
  });
});

describe('victor config validate, of what a run here would load', () => {
  it('is content where there are no settings', async () => {
    const { code, stdout } = await validate({}, [], { VICTOR_HOME: temporaryDirectory() });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'valid: no settings files here, so the defaults hold\n',
    });
  });

  it('names the mistakes of the user, the project and the environment together', async () => {
    const home = await makeWorkspace({ 'config.yaml': 'modle: x\nmaxTurns: 0' });
    const { code, lines } = await validate({ '.victorrc': broken }, [], {
      VICTOR_HOME: home,
      VICTOR_MAX_TURNS: 'many',
    });
    expect(code).toBe(2);
    expect(lines).toHaveLength(2 + 4 + 1);
    expect(lines[0]).toMatch(/config\.yaml:1: unknown key modle\. Did you mean model\?$/);
    expect(lines[2]).toMatch(/\.victorrc:1: unknown key maxTurn/);
    expect(lines.at(-1)).toMatch(/VICTOR_MAX_TURNS is "many": expected a number/);
  });

  it('in CI, without trust, checks all of a project and says what would be ignored', async () => {
    const right = { '.victorrc': 'provider: offline\nexporters: [console]\nmaxTurns: 3' };
    const sound = await validate(right);
    expect(sound.code).toBe(0);
    expect(sound.stdout).toBe(`valid: ${sound.cwd}/.victorrc\n`);
    expect(sound.lines).toEqual([
      expect.stringMatching(/ignored until this folder is trusted: provider, exporters\. Run `victor trust`/),
    ]);
    const { code, lines } = await validate({ '.victorrc': 'exporters: [consle]' });
    expect(code).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/:1: there is no exporter named "consle"\. Did you mean console\?/),
    ]);
  });

  it('tells settings that are code and would not run, and what is wrong in them once they may', async () => {
    const files = { 'victor.config.mjs': 'export default { maxTurn: 1 };' };
    const { code, lines } = await validate(files);
    expect(code).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/victor\.config\.mjs: not loaded, because it is code/)]);
    const trusted = await validate(files, ['--trust']);
    expect(trusted.code).toBe(2);
    expect(trusted.lines).toEqual([expect.stringMatching(/unknown key maxTurn/)]);
  });

  it('names what is wrong only of the whole: an address that a key may not go to', async () => {
    const files = { '.victorrc': 'provider: openai\nbaseURL: https://elsewhere.example.com' };
    const { code, lines } = await validate(files, ['--trust']);
    expect(code).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/:2: baseURL would send your key to elsewhere\.example\.com/),
    ]);
  });
});
