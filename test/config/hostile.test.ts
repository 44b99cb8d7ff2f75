import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, realpath, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../helpers/workspace.js';
import { runFixture, startFixture } from './fixture-process.js';

interface Job {
  readonly cwd: string;
  readonly home: string;
  readonly trust?: boolean;
}

interface Outcome {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly notices?: readonly string[];
  readonly error?: { readonly name: string; readonly message: string; readonly advice?: string };
  readonly stoodIn?: string;
  /** The most memory that the process ever had. */
  readonly megabytes?: number;
}

const loadSettings = startFixture<Job, Outcome>('config-loader.ts');
const loadInFreshProcess = startFixture<Job, Outcome>('config-loader.ts');

/** JavaScript that leaves a file beside the settings, as a program in a hostile folder could. */
const canaryCode = (file: string, how: 'require' | 'import') =>
  how === 'require'
    ? `require('node:fs').writeFileSync(${JSON.stringify(file)}, 'ran'); module.exports = { model: 'evil' };`
    : `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(file)}, 'ran'); export default { model: 'evil' };`;

interface Attack {
  readonly workspace: string;
  readonly home: string;
  readonly canary: string;
}

async function prepare(files: (canary: string) => Readonly<Record<string, string>>): Promise<Attack> {
  const home = await makeWorkspace();
  const canary = join(home, 'canary');
  return { workspace: await realpath(await makeWorkspace(files(canary))), home, canary };
}

const load = ({ workspace, home }: Attack, trust?: boolean): Promise<Outcome> =>
  loadSettings({ cwd: workspace, home, ...(trust === undefined ? {} : { trust }) });

describe('a hostile folder', () => {
  it.each(['.config/config.js', '.config/config.cjs', '.config/config.mjs', '.config/config.ts'])(
    'C01: %s, the meta config that cosmiconfig runs when constructed, does not run, trusted or not',
    async (place) => {
      const attack = await prepare((canary) => ({
        [place]: canaryCode(canary, /m?ts$|mjs$/.test(place) ? 'import' : 'require'),
        '.victorrc': 'maxTurns: 3\n',
      }));
      expect(await load(attack)).toMatchObject({ settings: { maxTurns: 3 }, stoodIn: attack.workspace });
      expect(await load(attack, true)).toMatchObject({
        settings: { maxTurns: 3 },
        stoodIn: attack.workspace,
      });
      expect(existsSync(attack.canary)).toBe(false);
    },
  );

  it('C01: the canary is a good one: cosmiconfig without our precautions does run the meta config', async () => {
    const attack = await prepare((canary) => ({ '.config/config.js': canaryCode(canary, 'require') }));
    runFixture('naive-cosmiconfig.mjs', attack.workspace, [], attack.home);
    expect(existsSync(attack.canary)).toBe(true);
  });

  it('C01: a meta config in package.json or .config/config.yaml cannot add search places', async () => {
    const attack = await prepare((canary) => ({
      'package.json': JSON.stringify({ cosmiconfig: { searchPlaces: ['evil.js'] } }),
      '.config/config.yaml': 'cosmiconfig: { searchPlaces: [evil.js] }\n',
      'evil.js': canaryCode(canary, 'require'),
      '.victorrc': 'maxTurns: 3\n',
    }));
    expect(await load(attack, true)).toMatchObject({ settings: { maxTurns: 3 }, notices: [] });
    expect(existsSync(attack.canary)).toBe(false);
  });

  it('C02: settings that are code never run before trust, and a line says that trust would load them', async () => {
    const places = ['.victorrc.js', '.victorrc.cjs', '.victorrc.mjs', '.victorrc.ts', 'victor.config.js'];
    const attack = await prepare((canary) =>
      Object.fromEntries(
        places.map((place) => [place, canaryCode(canary, /mjs|ts$/.test(place) ? 'import' : 'require')]),
      ),
    );
    const { settings, notices } = await load(attack);
    expect(settings).not.toHaveProperty('model');
    expect(notices).toHaveLength(places.length);
    for (const place of places) {
      expect(notices).toContainEqual(
        expect.stringMatching(new RegExp(`/${place}: not loaded.*victor trust`)),
      );
    }
    expect(existsSync(attack.canary)).toBe(false);
  });

  it('C02: after trust the same file runs', async () => {
    const attack = await prepare((canary) => ({ '.victorrc.mjs': canaryCode(canary, 'import') }));
    expect(await load(attack, true)).toMatchObject({ settings: { model: 'evil' }, notices: [] });
    expect(existsSync(attack.canary)).toBe(true);
  });

  it.each([
    ['JSON', '.victorrc', '{ "$import": "./evil.js" }'],
    ['JSON with an extension', '.victorrc.json', '{ "maxTurns": 3, "$import": ["./evil.js"] }'],
    ['YAML', '.victorrc', '$import: ./evil.js\n'],
    ['YAML with a quoted key', '.victorrc.yaml', '"\\u0024import": ./evil.js\n'],
    ['a path above', '.victorrc', '$import: ../evil.js\n'],
    ['an absolute path', '.victorrc', '$import: /etc/passwd\n'],
    ['a URL', '.victorrc', '$import: https://example.invalid/evil.js\n'],
    ['itself', '.victorrc', '$import: ./.victorrc\n'],
    ['package.json', 'package.json', '{ "victor": { "$import": "./evil.js" } }'],
  ])('C03: $import in %s is refused, trusted or not', async (_, place, content) => {
    const attack = await prepare((canary) => ({
      [place]: content,
      'evil.js': canaryCode(canary, 'require'),
    }));
    for (const trust of [false, true]) {
      const { error } = await load(attack, trust);
      expect(error?.name).toBe('ConfigError');
      expect(error?.message).toContain('$import is not supported');
      expect(error?.message).toContain(join(attack.workspace, place));
    }
    expect(existsSync(attack.canary)).toBe(false);
  });

  it('C04: a victor key in package.json obeys the rules of .victorrc', async () => {
    const attack = await prepare(() => ({
      'package.json': JSON.stringify({
        victor: { model: 'evil', maxTurns: 3, permissions: { deny: ['Bash'] } },
      }),
    }));
    const { settings, notices } = await load(attack);
    expect(settings).toMatchObject({ maxTurns: 3, permissions: { deny: ['Bash'] } });
    expect(settings).not.toHaveProperty('model');
    expect(notices).toEqual([expect.stringMatching(/package\.json: ignored until .* trusted: model\./)]);
  });

  it('C07: a named package in node_modules of the folder does not run before trust', async () => {
    const attack = await prepare((canary) => ({
      '.victorrc': 'contributors: [evil]\ncompaction: { strategy: evil }\n',
      'node_modules/evil/package.json': '{ "main": "index.cjs" }',
      'node_modules/evil/index.cjs': canaryCode(canary, 'require'),
    }));
    const { settings, notices } = await load(attack);
    expect(settings).toMatchObject({
      contributors: ['base', 'project-files', 'mode', ['environment', { git: false }]],
      compaction: { strategy: 'recent' },
    });
    expect(notices?.join()).toMatch(/contributors, compaction\.strategy/);
    expect(existsSync(attack.canary)).toBe(false);
  });

  it.each([
    ['a named pipe', (file: string) => execFileSync('mkfifo', [file]), 'is a named pipe, not a file'],
    ['a folder', (file: string) => mkdir(file), 'is a folder, not a file'],
    ['a device', (file: string) => symlink('/dev/zero', file), 'symbolic link that leaves the workspace'],
    ['a link out of the workspace', (file: string) => symlink('/etc/hosts', file), 'leaves the workspace'],
    ['a link to itself', (file: string) => symlink('.victorrc', file), 'leads nowhere'],
    ['1 MB', (file: string) => writeFile(file, `# ${'x'.repeat(1_000_000)}\n`), 'larger than 256 kB'],
    [
      '100 MB that take no space',
      (file: string) => writeFile(file, '').then(() => truncate(file, 100_000_000)),
      'larger than 256 kB',
    ],
    ['UTF-16', (file: string) => writeFile(file, Buffer.from('\ufeffmodel: x\n', 'utf16le')), 'not UTF-8'],
  ])('C16: a .victorrc that is %s is refused without a hang', async (_, make, reason) => {
    const attack = await prepare(() => ({}));
    await make(join(attack.workspace, '.victorrc'));
    const { error } = await load(attack);
    expect(error?.name).toBe('ConfigError');
    expect(error?.message).toContain(reason);
    expect(error?.message).toContain(join(attack.workspace, '.victorrc'));
  });

  it.skipIf(process.getuid?.() === 0)(
    'C16: an unreadable .victorrc is refused, not passed over',
    async () => {
      const attack = await prepare(() => ({ '.victorrc': 'permissions: { deny: [Bash] }\n' }));
      await chmod(join(attack.workspace, '.victorrc'), 0o000);
      expect((await load(attack)).error?.message).toContain('cannot be read');
    },
  );

  it('C16: a package.json that is a pipe or is broken is none of our business', async () => {
    const attack = await prepare(() => ({ 'sub/package.json': '{ "victor": {' }));
    execFileSync('mkfifo', [join(attack.workspace, 'package.json')]);
    expect(await load(attack)).toMatchObject({ notices: [] });
    expect(await loadSettings({ cwd: join(attack.workspace, 'sub'), home: attack.home })).toMatchObject({
      notices: [],
    });
  });

  it.each([
    ['aliases that multiply', bomb(), 'repeats its aliases too often'],
    ['lists in lists', '['.repeat(120_000), 'nested too deeply'],
    ['closed lists in lists', `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'nested too deeply'],
    ['block lists in lists', `${'- '.repeat(120_000)}x`, 'nested too deeply'],
    ['keys in keys', '? '.repeat(120_000), 'nested too deeply'],
    [
      'indentation',
      Array.from({ length: 600 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
      'indented too deeply',
    ],
    ['25,000 keys', Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join('\n'), 'far more keys'],
  ])('C12: %s are refused, and the process lives on', async (_, content, reason) => {
    const attack = await prepare(() => ({ '.victorrc': content }));
    const { error } = await load(attack);
    expect(error?.message).toContain(reason);
    expect(error?.message).toContain(join(attack.workspace, '.victorrc'));
  });

  it('C12: all of them together take less than 64 MB more than a plain file', async () => {
    const plain = await prepare(() => ({ '.victorrc': 'maxTurns: 3\n' }));
    const { megabytes } = await load(plain);
    // The largest so far includes everything that the tests above did in the same process.
    const fresh = await loadInFreshProcess({ cwd: plain.workspace, home: plain.home });
    expect(megabytes! - fresh.megabytes!).toBeLessThan(64);
  });

  it('holds in a worker thread, where the working directory cannot be moved', async () => {
    const attack = await prepare((canary) => ({
      '.config/config.js': canaryCode(canary, 'require'),
      '.victorrc': 'maxTurns: 3\n',
    }));
    const run = () =>
      JSON.parse(runFixture('in-worker.ts', attack.workspace, [attack.workspace], attack.home)) as Outcome;
    expect(run()).toMatchObject({ settings: { maxTurns: 3 } });
    await writeFile(join(attack.workspace, '.victorrc'), '$import: ./.config/config.js\n');
    expect(run().error?.message).toContain('$import is not supported');
    expect(existsSync(attack.canary)).toBe(false);
  });
});

function bomb(): string {
  const line = (n: number) =>
    `a${n}: &a${n} [${Array(9)
      .fill(n === 0 ? 'x' : `*a${n - 1}`)
      .join(',')}]`;
  return `prompt:\n  context:\n${Array.from({ length: 9 }, (_, n) => `    ${line(n)}`).join('\n')}\n`;
}
