import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IgnoreRules, ignoreRulesOf } from '../../src/tools/ignore-rules.js';
import { workspace } from './workspace.js';

/** What our rules say of a path, going down folder by folder as a walk does. */
async function ignored(root: string, path: string): Promise<boolean> {
  let rules: IgnoreRules = await ignoreRulesOf(root);
  let current = root;
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    current = join(current, part);
    const isDirectory = index < parts.length - 1;
    if (rules.ignores(current, isDirectory)) return true;
    if (isDirectory) rules = await rules.inside(current);
  }
  return false;
}

/** What git says of the same paths. */
function ignoredByGit(root: string, paths: readonly string[]): boolean[] {
  // It ends with 1 when none is ignored.
  const { stdout } = spawnSync('git', ['check-ignore', '--no-index', '-v', '-n', '-z', '--stdin'], {
    cwd: root,
    input: paths.map((path) => `${path}\0`).join(''),
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });
  const fields = stdout.toString().split('\0');
  return paths.map((_, index) => {
    const pattern = fields[index * 4 + 2] ?? '';
    return pattern !== '' && !pattern.startsWith('!');
  });
}

describe('ignore rules', () => {
  it('follow the .gitignore files from the top of the repository down, the deepest first', async () => {
    const { root, write } = workspace();
    mkdirSync(join(root, '.git'));
    write('.gitignore', 'build/\n*.log\n!keep.log\n/only-top\n# comment\n\\#hash\ntrailing  \n');
    write('a/.gitignore', '!special.log\nlocal\n');
    const says = (path: string) => ignored(root, path);
    expect(await says('build/x')).toBe(true);
    expect(await says('a/build/x')).toBe(true);
    expect(await says('x.log')).toBe(true);
    expect(await says('keep.log')).toBe(false);
    expect(await says('a/special.log')).toBe(false);
    expect(await says('special.log')).toBe(true);
    expect(await says('a/local')).toBe(true);
    expect(await says('local')).toBe(false);
    expect(await says('only-top')).toBe(true);
    expect(await says('a/only-top')).toBe(false);
    expect(await says('#hash')).toBe(true);
    expect(await says('trailing')).toBe(true);
    const inside = await ignoreRulesOf(join(root, 'a'));
    expect(inside.ignores(join(root, 'a', 'x.log'), false)).toBe(true);
  });

  it('do not hang on a .gitignore that is a FIFO, and do not read one that is a link', async () => {
    const { root, path, write } = workspace();
    execFileSync('mkfifo', [path('.gitignore')]);
    expect(await ignored(root, 'x')).toBe(false);
    write('other/rules', '*\n');
    symlinkSync('rules', path('other/.gitignore'));
    expect(await ignored(root, 'other/x')).toBe(false);
  });

  it('agree with git on random patterns and paths', async () => {
    const name = fc.stringMatching(/^[ab.]{1,3}$/).filter((one) => !/^\.+$/.test(one));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '*',
      '?',
      '**',
      '/',
      '[ab]',
      '[!a]',
      '\\a',
      '/**/',
      '**/',
      'ab',
    );
    const start = fc.constantFrom('', '', '!', '/');
    const middle = fc.array(piece, { minLength: 1, maxLength: 5 });
    const end = fc.constantFrom('', '/', ' ');
    const line = fc
      .tuple(start, middle, end)
      .map(([first, parts, last]) => first + parts.join('') + last)
      // What an empty part or a `**` that is no whole part means is an accident of git, and nobody writes one.
      .filter((one) => !/\/\/|[^/!]\*\*|\*\*[^/ ]/.test(one));
    const lines = fc.array(line, { minLength: 1, maxLength: 4 });
    const paths = fc.uniqueArray(path, { minLength: 5, maxLength: 25 });
    const { root, write } = workspace();
    execFileSync('git', ['init', '-q', root]);
    await fc.assert(
      fc.asyncProperty(lines, paths, async (rules, names) => {
        write('.gitignore', rules.join('\n'));
        const ours = await Promise.all(names.map((one) => ignored(root, one)));
        const theirs = ignoredByGit(root, names);
        expect(names.filter((_, index) => ours[index])).toEqual(names.filter((_, index) => theirs[index]));
      }),
      { numRuns: 80, seed: 7 },
    );
  });
});
