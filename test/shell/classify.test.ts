import { describe, expect, it } from 'vitest';
import { isSecretPath } from '../../src/core/secret-path.js';
import { classifyCommand } from '../../src/shell/classify.js';
import { secretFileGlobs, secretFolders } from '../../src/shell/search-guards.js';
import { recordCount } from '../helpers/record-count.js';
import { bypassCommands } from './bypass-commands.js';
import { everydayCommands, everydayGroups } from './everyday.js';

const bypasses = Object.entries(bypassCommands);

function millisecondsOf(text: string): number {
  const before = process.cpuUsage();
  const { verdict } = classifyCommand(text);
  // What is computed: other processes of this machine are not what is measured.
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1_000;
  if (text.length > 16 * 1024) expect(verdict).not.toBe('allow');
  return took;
}

describe('what runs unasked', () => {
  it('S25 at least 80 of 100 everyday commands', () => {
    const allowed = everydayCommands.filter((command) => classifyCommand(command).verdict === 'allow');
    recordCount({ row: 'everyday', tried: everydayCommands.length, found: allowed.length });
    for (const [name, group] of Object.entries(everydayGroups)) {
      const found = group.filter((command) => allowed.includes(command)).length;
      console.log(`everyday commands that run unasked, ${name}: ${found} of ${group.length}`);
      recordCount({ row: `everyday ${name}`, tried: group.length, found });
    }
    expect(Object.values(everydayGroups).map((group) => group.length)).toEqual([25, 25, 20, 15, 15]);
    expect(everydayCommands).toHaveLength(100);
    expect(allowed.length).toBeGreaterThanOrEqual(80);
  });

  it('S01 plain reads, joined by what only joins', () => {
    for (const command of [
      'ls -la',
      'rg -n foo src',
      'cat a | wc -l',
      'ls\nls',
      'ls &&\n  ls',
      'ls;\n',
      "cut -d',' -f1 a",
    ])
      expect(classifyCommand(command)).toMatchObject({ verdict: 'allow', exact: true });
  });
});

describe('what never runs unasked', () => {
  it.each(bypasses)('%s', (_, commands) => {
    expect(commands.length).toBeGreaterThanOrEqual(10);
    expect(commands.filter((command) => classifyCommand(command).verdict === 'allow')).toEqual([]);
  });

  it('P17 a secret is refused, not asked for, however the reader is called', () => {
    const forms = bypasses
      .find(([title]) => title.startsWith('P17'))![1]
      .filter((one) => !one.includes(' /dev/'));
    expect(forms.filter((command) => classifyCommand(command).verdict !== 'deny')).toEqual([]);
  });

  it('S02 to S21 and P17, counted', () => {
    const all = new Set(bypasses.flatMap(([, commands]) => commands));
    const allowed = [...all].filter((command) => classifyCommand(command).verdict === 'allow');
    console.log(`bypass strings: ${all.size}, run unasked: ${allowed.length}`);
    recordCount({ row: 'bypass-strings', tried: all.size, found: allowed.length });
    expect(all.size).toBeGreaterThanOrEqual(230);
    expect(allowed).toEqual([]);
  });

  it('S21 a megabyte, ten thousand levels and quotes without end have their verdict within 100 ms', () => {
    const million = 1_000_000;
    const texts = [...'(\'"\\$`a /&;<{!'].map((letter) => letter.repeat(million));
    texts.push('ls;'.repeat(million / 4), 'echo $('.repeat(10_000), `cat ${'../'.repeat(5000)}`);
    texts.push(
      `sed -n '${'/a'.repeat(8000)}'`,
      `sed -n '${'\\/'.repeat(8000)}'`,
      `git log --format='${'%'.repeat(16_000)}'`,
      `git show ${':'.repeat(16_000)}.env`,
    );
    for (const text of texts) {
      // The best of three, for the first may compile.
      const took = Math.min(...[1, 2, 3].map(() => millisecondsOf(text)));
      expect(took, `${text.slice(0, 10)}… took ${took} ms`).toBeLessThan(100);
    }
  });
});

describe('what a verdict tells', () => {
  it('P01 P02 names every path that is read, and judges none of them but special files', () => {
    const pathsOf = (command: string) => classifyCommand(command).commands.map(({ paths }) => paths);
    expect(pathsOf('cat ../a | grep -n x /etc/passwd -')).toEqual([['../a'], ['/etc/passwd']]);
    expect(pathsOf('find a /b -newer c')).toEqual([['a', '/b', 'c']]);
    expect(pathsOf('grep -e x a; rg x; git show HEAD:../b')).toEqual([['a'], ['.'], ['HEAD:../b', '../b']]);
    expect(pathsOf('head -n 3 a; sed -n 2p b; jq .x c; sort -k 2 d')).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('S20 what cannot be read exactly still says what it seems to run, so that rules can deny it', () => {
    const verdict = classifyCommand(`${'ls; '.repeat(10_000)} echo "$(git push --force)"`);
    expect(verdict).toMatchObject({ verdict: 'ask', exact: false });
    expect(verdict.commands.map(({ argv }) => argv)).toContainEqual(['git', 'push', '--force']);
  });

  it('P17 a search through folders runs with options that leave files with secrets out', () => {
    const { argv, run } = classifyCommand('grep -rn KEY -- .').commands[0]!;
    expect(argv).toEqual(['grep', '-rn', 'KEY', '--', '.']);
    expect(run.slice(0, 3)).toEqual(argv.slice(0, 3));
    expect(run.indexOf('--exclude=.env')).toBeLessThan(run.indexOf('--'));
    const samples = [...secretFileGlobs.map((glob) => glob.replace('*', 'x')), ...secretFolders];
    expect(samples.filter((name) => !isSecretPath(`a/${name}`))).toEqual([]);
  });
});
