import { describe, expect } from 'vitest';
import { runVictor } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { bypassCommands } from '../shell/bypass-commands.js';
import { everydayCommands } from '../shell/everyday.js';

const explain = (...args: string[]) => runVictor(['permissions', 'explain', ...args]);

async function explainJson(...args: string[]) {
  const { stdout, stderr, code } = await explain('--json', ...args);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
}

describe.concurrent('victor permissions explain', () => {
  it('names each command with its verdict and why', async () => {
    const { code, stdout } = await explain('cd x && git push');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ask: .*Mode ask asks before running commands\.\nmode: ask\n/);
    expect(stdout).toMatch(/^cd x +ask +cd is not known to read only/m);
    expect(stdout).toMatch(/^git push +ask +git push is not known to read only/m);
  });

  it('says what would really happen under the mode and the rules that were given', async () => {
    expect(await explainJson('git push', '--permission-mode', 'plan')).toMatchObject({
      verdict: 'deny',
      mode: 'plan',
    });
    expect(await explainJson('git push', '--permission-mode', 'yolo')).toMatchObject({
      verdict: 'allow',
      mode: 'yolo',
    });
    const allowed = await explainJson('git push', '--allowed-tools', 'Bash');
    expect(allowed).toMatchObject({
      verdict: 'allow',
      rule: 'Bash',
      commands: [{ verdict: 'allow', rule: 'Bash' }],
    });
    expect(await explainJson('git push', '--disallowed-tools', 'Bash')).toMatchObject({
      verdict: 'deny',
      rule: 'Bash',
    });
  });

  it('S05 shows guesses as guesses', async () => {
    const guessed = await explainJson('echo "$(git push)"');
    expect(guessed).toMatchObject({ verdict: 'ask', exact: false });
    expect(guessed.commands.map(({ argv }: { argv: string[] }) => argv)).toContainEqual(['git', 'push']);
  });

  it('S04 S24 the whole command reaches the terminal, and no byte of it controls the terminal', async () => {
    const { stdout } = await explain(`touch ${' '.repeat(5000)}; \u001b[2J\u202eid`);
    expect(stdout).toContain('id');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });

  it('answers one JSON object for each JSON string on standard input, whatever the string holds', async () => {
    const commands = ['ls', 'a\nb', 'ls\u2028id', '', 'x'.repeat(300_000), 'git push; id'];
    const input = `${commands.map((one) => JSON.stringify(one)).join('\n')}\nno json`;
    const { code, stdout } = await runVictor(['permissions', 'explain', '-', '--json'], { input });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.slice(0, -1).map(({ command }) => command)).toEqual(commands);
    expect(answers.at(-1)).toEqual({ error: expect.stringContaining('not a JSON string') });
    expect(code).toBe(1);
  });

  const oddities: Readonly<Record<string, string>> = {
    'nothing at all': '',
    'only blanks': ' \t ',
    'a line end inside': 'ls\nid',
    'a carriage return': 'ls\r\nid',
    'a comment': '# ls',
    'a quote that is not closed': "echo 'x",
    'a lone backtick': '`',
    NUL: 'ls\0id',
    'half of a surrogate pair': 'ls \ud800',
    'a byte order mark': '\ufeffls',
    'other scripts and emoji': '\u00e9cho "\u65e5\u672c\u8a9e \u{1f389}"',
    'right-to-left marks': 'ls \u202eid',
    '1 MB of one word': 'x'.repeat(1_000_000),
    '1 MB of words': `touch ${'word '.repeat(200_000)}`,
    '1 MB of dollars': '$'.repeat(1_000_000),
    '1 MB of backslashes': '\\'.repeat(1_000_000),
    '1 MB of separators': ';'.repeat(1_000_000),
    '10,000 commands': 'true; '.repeat(10_000),
    '10,000 nested substitutions': '$('.repeat(10_000),
    '100,000 open brackets': '('.repeat(100_000),
    '20,000 braces': `ls ${'{a,b}'.repeat(20_000)}`,
    '100,000 folders in one path': `rm ${'a/'.repeat(100_000)}`,
    '100,000 folders to change to': 'cd a '.repeat(100_000),
    'a large here-document': `cat <<E\n${'a b c\n'.repeat(50_000)}E`,
  };
  it('S05 S21 asks about each of 24 oddities and neither fails nor hangs', async () => {
    const input = Object.values(oddities).map((one) => `${JSON.stringify(one)}\n`);
    const { code, stdout, stderr } = await runVictor(['permissions', 'explain', '-', '--json'], {
      input: input.join(''),
    });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(answers.map(({ command, verdict }) => [command.length, verdict])).toEqual(
      Object.values(oddities).map((one) => [one.length, 'ask']),
    );
    for (const { reason } of answers) expect(reason).toMatch(/\w.*\.$/s);
  });

  it('takes an empty command, one that begins like a flag and one with a line end as an argument', async () => {
    for (const command of ['', 'ls\nid'])
      expect(await explainJson(command)).toMatchObject({ command, verdict: 'ask' });
    expect(await explainJson('--', '-rf /')).toMatchObject({ command: '-rf /', verdict: 'ask' });
  });

  it('S02 to S25 lets the everyday commands run unasked and none of the bypasses', async () => {
    const bypasses = Object.values(bypassCommands).flat();
    const input = [...everydayCommands, ...bypasses].map((one) => JSON.stringify(one)).join('\n');
    const { code, stdout } = await runVictor(['permissions', 'explain', '-', '--json'], { input });
    const verdicts: string[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).verdict);
    const everyday = verdicts
      .slice(0, everydayCommands.length)
      .filter((verdict) => verdict === 'allow').length;
    const unasked = verdicts.slice(everydayCommands.length).filter((verdict) => verdict === 'allow').length;
    console.log(
      `permissions explain: ${everyday} of ${everydayCommands.length} everyday, ${unasked} of ${bypasses.length} bypasses run unasked`,
    );
    expect(code).toBe(0);
    expect(everyday).toBeGreaterThanOrEqual(80);
    expect({ verdicts: verdicts.length, unasked }).toEqual({
      verdicts: everydayCommands.length + bypasses.length,
      unasked: 0,
    });
  });

  it('asks for --json where standard input is to be read', async () => {
    const { code, stderr } = await explain('-');
    expect(code).toBe(2);
    expect(stderr).toContain('Add --json');
  });
});
