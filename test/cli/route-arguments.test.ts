import { describe, expect, it } from 'vitest';
import { outputOptions, turnOptions } from '../../src/cli/flags.js';
import { routeArguments } from '../../src/cli/route-arguments.js';

const commands = new Set(['ask', 'chat', 'sessions', 'help']);
const options = [...turnOptions(), ...outputOptions()];
const route = (...argv: string[]) => routeArguments(argv, commands, options, true);

describe('what people type becomes command, flags, arguments', () => {
  it.each<[string, string[], string[]]>([
    ['bare victor is chat', [], ['chat']],
    ['flags alone are chat', ['-c', '-m', 'a/b'], ['chat', '-c', '-m', 'a/b']],
    ['-p is ask', ['-p', 'hello'], ['ask', 'hello']],
    [
      '--print after other flags is ask',
      ['--model', 'a/b', '--print', 'hi'],
      ['ask', '--model', 'a/b', 'hi'],
    ],
    ['-p behind the prompt is ask', ['hello', '-p', '--json'], ['ask', 'hello', '--json']],
    ['-p before a word that names a command keeps it a prompt', ['-p', 'sessions'], ['ask', 'sessions']],
    ['-p behind -- is text', ['ask', '--', '-p'], ['ask', '--', '-p']],
    ['flags before the command move behind it', ['-C', '/x', 'ask', 'q'], ['ask', '-C', '/x', 'q']],
    ['a flag with = takes no second word', ['--model=a/b', 'ask', 'q'], ['ask', '--model=a/b', 'q']],
    ['an optional value is not a command', ['-r', 'ask', 'q'], ['ask', '-r', 'q']],
    ['an optional value is taken', ['-r', 'abc'], ['chat', '-r', 'abc']],
    ['help stays', ['--help'], ['--help']],
    ['help of a command', ['--help', 'ask'], ['ask', '--help']],
    ['bare sessions lists them', ['sessions'], ['sessions', 'list']],
    ['sessions with flags lists them', ['sessions', '--json'], ['sessions', 'list', '--json']],
    ['sessions asked for help gets it', ['sessions', '--help'], ['sessions', '--help']],
    ['sessions with a subcommand stays', ['sessions', 'show', 'x'], ['sessions', 'show', 'x']],
    ['an unknown command is left for the parser', ['sesions'], ['sesions']],
    ['C20: text behind -- stays data', ['ask', '--', '--config=evil'], ['ask', '--', '--config=evil']],
  ])('%s', (_, argv, expected) => {
    expect(route(...argv)).toEqual(expected);
  });

  it.each<[string, boolean, string[], string[]]>([
    ['a chat on a terminal', true, ['fix the bug'], ['chat', 'fix the bug']],
    ['asked once elsewhere', false, ['fix the bug'], ['ask', 'fix the bug']],
    [
      'asked with its flags',
      false,
      ['-m', 'a/b', 'fix it now', '-q'],
      ['ask', '-m', 'a/b', 'fix it now', '-q'],
    ],
    ['asked once when JSON is wanted', true, ['fix the bug', '--json'], ['ask', 'fix the bug', '--json']],
    [
      'asked once by a schema',
      true,
      ['fix it now', '--json-schema', 'a'],
      ['ask', 'fix it now', '--json-schema', 'a'],
    ],
    [
      'asked once in the format that is wanted',
      true,
      ['--output-format=json', 'fix the bug'],
      ['ask', '--output-format=json', 'fix the bug'],
    ],
  ])('several words without a command are a prompt: %s', (_, onTerminal, argv, expected) => {
    expect(routeArguments(argv, commands, options, onTerminal)).toEqual(expected);
  });
});
