import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runShell, runVictor, temporaryDirectory, victorHome } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** One line on stderr, nothing on stdout, exit code 2, and no trace of our sources. */
function expectUsageError(result: { code: number | null; stdout: string; stderr: string }, pattern: RegExp) {
  expect(result.stderr).toMatch(/^victor: [^\n]+\n$/);
  expect(result.stderr).toMatch(pattern);
  expect(result.stderr).not.toMatch(/\n\s+at |node_modules|\.ts:/);
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe.concurrent('bad input: one line on stderr, exit code 2, no stack trace', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown command, with the nearest one', ['sesions'], /unknown command 'sesions'.*sessions/],
    ['an unknown flag', ['ask', 'hi', '--fooo'], /unknown option '--fooo'.*--help/],
    ['a misspelt flag, with the nearest one', ['ask', 'hi', '--modle', 'x'], /--modle.*--model/],
    [
      'an unknown flag where no prompt can stand',
      ['sessions', 'delete', 'x', '--yes'],
      /unknown option '--yes'\. victor sessions delete --help(?!.*prompt)/,
    ],
    ['a single word that is no command', ['hello'], /unknown command 'hello'.*--help.*goes after ask/],
    ['no prompt at all', ['ask'], /prompt is empty.*victor ask/],
    ['an empty prompt', ['ask', ''], /prompt is empty/],
    ['a mode that does not exist', ['ask', 'hi', '--permission-mode', 'god'], /accept-edits/],
    ['a format that does not exist', ['ask', 'hi', '--output-format', 'xml'], /stream-json/],
    ['a number that is none', ['ask', 'hi', '--max-turns', 'many'], /--max-turns.*number/],
    ['half a provider call', ['ask', 'hi', '--max-turns', '1.5'], /whole number/],
    ['a negative budget', ['ask', 'hi', '--max-budget-usd', '-1'], /above 0/],
    ['a flag without its value', ['ask', 'hi', '--model'], /--model.*argument missing/],
    ['formats that contradict', ['ask', 'hi', '--json', '--output-format', 'text'], /contradict/],
    ['sessions that contradict', ['ask', 'hi', '-c', '--no-session'], /--continue and --no-session/],
    ['a session id with spaces', ['ask', 'hi', '--session-id', 'a b'], /--session-id/],
    ['a session that does not exist', ['ask', 'hi', '--resume', 'zzzz'], /zzzz.*sessions list/],
    ['a provider that does not exist', ['ask', 'hi', '-m', 'antropic/x'], /no provider.*antropic.*anthropic/],
    [
      'a model that nobody would serve',
      ['ask', 'hi', '-m', 'llama3'],
      /no provider to serve.*ANTHROPIC_API_KEY/,
    ],
    [
      'a tool that does not exist',
      ['ask', 'hi', '--allowed-tools', 'bash'],
      /no tool named bash.*Did you mean Bash/,
    ],
    [
      'a directory that does not exist',
      ['ask', 'hi', '-C', '/nonexistent/x'],
      /\/nonexistent\/x does not exist.*--cwd/,
    ],
    [
      'a directory to add that does not exist',
      ['ask', 'hi', '--add-dir', '/nonexistent'],
      /^victor: \/nonexistent does not exist\. [^\n]*--add-dir/,
    ],
    [
      'a directory to add that is a file',
      ['ask', 'hi', '--add-dir', '/etc/passwd'],
      /\/etc\/passwd is a file[^\n]*--add-dir/,
    ],
    [
      'a folder to trust that does not exist',
      ['trust', '/nonexistent'],
      /^victor: \/nonexistent does not exist\. (?!.*--cwd)[^\n]*victor trust DIRECTORY/,
    ],
    ['a workflow that does not exist', ['run', 'release'], /no workflow "release"/],
    ['too many arguments', ['stats', 'x', 'y'], /too many arguments.*victor stats --help/],
    [
      'a session that is not named',
      ['sessions', 'show'],
      /missing required argument 'id'\. Write victor sessions show \[options\] <id>; victor sessions list shows the ids; victor sessions show --help/,
    ],
    [
      'a setting without its value',
      ['config', 'set', 'model'],
      /'value'\. Write victor config set .*<key> <value>/,
    ],
    ['a command of the chat', ['undo'], /there is no command undo\. \/undo is one of the chat: .*victor -c/],
    ['one that looks like another command', ['cost'], /there is no command cost\. \/cost is one of the chat/],
    ['a login, which there is none of', ['login'], /ANTHROPIC_API_KEY.*victor models/],
    ['going on by a word', ['resume'], /victor -c goes on .*victor --resume lets you choose/],
    ['help about nothing', ['help', 'sesions'], /there is no command 'sesions'\. Did you mean sessions\?/],
    [
      'help about nothing below a command',
      ['help', 'sessions', 'xyzzy'],
      /sessions has no command 'xyzzy'\. victor sessions --help/,
    ],
    [
      'a value that is none, with its key once',
      ['config', 'set', 'permissions.mode', 'acept'],
      /^victor: permissions\.mode is "acept": expected one of ask, .*yolo/,
    ],
    [
      'a setting that there is not',
      ['config', 'get', 'compaction.treshold'],
      /there is no setting .*Did you mean compaction\.threshold/,
    ],
    [
      'taking out a setting that is not set',
      ['config', 'unset', 'maxTurns'],
      /maxTurns is not set in .*config show --origin/,
    ],
    [
      'a subcommand that does not exist, with the nearest one and all there are',
      ['sessions', 'lst'],
      /sessions has no command 'lst' \(Did you mean list\?\) It takes list, search, .*reset; victor sessions --help(?!.*prompt)/,
    ],
    [
      'a subcommand that is near to none',
      ['sessions', 'bogus'],
      /sessions has no command 'bogus'\. It takes list, search, /,
    ],
    ['a chat without a terminal', ['chat'], /terminal.*victor ask/],
    ['bare victor without a terminal', [], /terminal.*victor ask/],
    ['flags of a chat without a terminal', ['-c'], /terminal.*victor ask/],
  ])('%s', async (_, args, pattern) => {
    expectUsageError(await runVictor(args), pattern);
  });

  it('a provider that does not exist is answered with one list in one order, wherever it was named', async () => {
    const cwd = folderWith({ '.victorrc': 'provider: nosuch\n' });
    const answers = await Promise.all([
      runVictor(['ask', 'hi', '-m', 'nosuch/m']),
      runVictor(['models', 'nosuch']),
      runVictor(['ask', 'hi', '--trust'], { cwd }),
    ]);
    const lists = answers.map(
      ({ stderr }) => /There is no provider "nosuch"\. Choose one of .*/.exec(stderr)?.[0],
    );
    expect(lists[0]).toMatch(/one of anthropic, openai, .*, offline, scripted, or/);
    expect(lists).toEqual([lists[0], lists[0], lists[0]]);
  });

  it('VICTOR_MODEL is used without a word; VICTOR_MODE is refused with one', async () => {
    const env = { VICTOR_MODEL: 'offline/extractive' };
    const used = await runVictor(['ask', 'hi', '-q'], { env });
    expect(used.stderr).not.toContain('VICTOR_MODEL');
    const refused = await runVictor(['ask', 'hi', '-q'], { env: { ...env, VICTOR_MODE: 'yolo' } });
    expect(refused.stderr).toMatch(/^victor: VICTOR_MODE: ignored/m);
  });

  it('a key that is missing for a provider that was named', async () => {
    expectUsageError(
      await runVictor(['ask', 'hi', '-m', 'anthropic']),
      /anthropic needs a key.*ANTHROPIC_API_KEY/,
    );
  });

  it.each<[string, string, RegExp]>([
    ['not YAML', 'model: [a\n', /\.victorrc:\d/],
    ['an unknown key, with the nearest one', 'maxTurn: 3\n', /\.victorrc:1.*maxTurn.*maxTurns/],
    ['a wrong type', 'maxTurns: many\n', /\.victorrc:1.*maxTurns/],
    ['a provider that does not exist', 'provider: nosuch\n', /nosuch/],
  ])('C15: a .victorrc that is wrong: %s', async (name, text, pattern) => {
    const cwd = folderWith({ '.victorrc': text });
    const trusted = name.startsWith('a provider') ? ['--trust'] : [];
    expectUsageError(await runVictor(['ask', 'hi', ...trusted], { cwd }), pattern);
  });

  it('a directory that is a file', async () => {
    const folder = folderWith({ file: '' });
    expectUsageError(await runVictor(['ask', 'hi', '-C', join(folder, 'file')]), /is a file/);
  });

  it('a current directory that is gone', async () => {
    const result = await runShell('mkdir gone && cd gone && rmdir ../gone && victor ask hi');
    expectUsageError(result, /current directory is gone.*--cwd/);
  });

  it.runIf(process.getuid?.() === 0)('a directory without permission', async () => {
    const locked = join(temporaryDirectory(), 'locked');
    mkdirSync(locked, { mode: 0 });
    // Root without the right to pass over modes; another user could perhaps not read this checkout at all.
    const drop =
      'setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search';
    const result = await runShell(`${drop} "$VICTOR_NODE" "$VICTOR_LAUNCHER" ask hi -C ${locked}`);
    expectUsageError(result, /locked may not be read/);
  });

  it('--debug adds the stack, and only then', async () => {
    const plain = await runVictor(['ask', 'hi', '-r', 'zzzz']);
    const debug = await runVictor(['ask', 'hi', '-r', 'zzzz', '--debug']);
    const variable = await runVictor(['ask', 'hi', '-r', 'zzzz'], { env: { VICTOR_DEBUG: '1' } });
    expect(plain.stderr).not.toMatch(/\n\s+at /);
    expect(debug.stderr).toMatch(/\n\s+at /);
    expect(variable.stderr).toMatch(/\n\s+at /);
  });

  it('--help goes to stdout with exit code 0', async () => {
    const root = await runVictor(['--help']);
    const ask = await runVictor(['ask', '--help']);
    expect([root.code, root.stderr, ask.code, ask.stderr]).toEqual([0, '', 0, '']);
    expect(root.stdout).toMatch(/victor ask[\s\S]*Exit codes[\s\S]*129, 130, 131 and 143/);
    expect(root.stdout).toMatch(/victor "…" starts it\s+with that prompt[\s\S]*as ask does/);
    expect(ask.stdout).toMatch(/--output-format/);
  });

  it.each(['config', 'eval'])('%s without a subcommand: its help on stderr, exit code 2', async (command) => {
    const result = await runVictor([command]);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(new RegExp(`^Usage: victor ${command} [^]*Commands:`));
    expect(result.stderr).not.toContain('outputHelp');
  });

  it('sessions without a subcommand lists them', async () => {
    const bare = await runVictor(['sessions', '--json']);
    const listed = await runVictor(['sessions', 'list', '--json']);
    expect(bare).toMatchObject({ code: 0, stdout: listed.stdout, stderr: '' });
    expect(await runVictor(['sessions'])).toMatchObject({ code: 0 });
  });

  it('an error that names a usage mistake leaves nothing behind', async () => {
    const home = join(temporaryDirectory(), 'home');
    await runVictor(['ask', 'hi', '--fooo'], { env: { VICTOR_HOME: home } });
    expect(existsSync(home)).toBe(false);
    expect(existsSync(victorHome())).toBe(true);
  });
});
