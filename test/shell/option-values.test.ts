import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { classifyCommand } from '../../src/shell/classify.js';
import { inspections } from '../../src/shell/git-inspections.js';
import { readOptions } from '../../src/shell/options.js';
import { gitIn } from '../helpers/git-in.js';
import { makeWorkspace } from '../helpers/workspace.js';

/** Words that git needs before it looks at options. */
const behindName: Readonly<Record<string, string>> = { stash: 'list', worktree: 'list' };

describe('which options of git take the next word', () => {
  it('S16 each that the tables say so takes it from real git too, so that no word behind it is an option or a file', async () => {
    const root = await makeWorkspace({ a: 'a\n' });
    const git = gitIn(root);
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    const differing: string[] = [];
    let tried = 0;
    for (const [name, { options }] of inspections) {
      // Its value is one of a list of settings, wherever git takes it from.
      if (name === 'config') continue;
      for (const option of options.split(' ').filter((one) => one.endsWith(':'))) {
        const words = [name, behindName[name] ?? [], option.slice(0, -1), '--no-such-option'].flat();
        const { stderr } = spawnSync('git', words, { cwd: root, encoding: 'utf8', input: '' });
        tried++;
        if (/(?:unknown|unrecognized|invalid) (?:option|switch|argument).*no-such-option/.test(stderr))
          differing.push(`git ${words.join(' ')}`);
      }
    }
    console.log(`options of git with a value in the next word: ${tried}, differences: ${differing.length}`);
    expect(differing).toEqual([]);
    expect(tried).toBeGreaterThan(60);
  }, 120_000);
});

describe('a value that looks like an option', () => {
  it('S12 is none that anybody has vouched for: programs differ in whether it is one', () => {
    for (const command of ['head -n --x a', 'cut -d -f a', 'git log --author --output=f', 'rg -g --pre=id x'])
      expect(classifyCommand(command).verdict, command).toBe('ask');
  });

  it('S01 numbers below zero, a lone dash and attached values are as good as ever', () => {
    for (const command of [
      'head -n -5 a',
      'tail -n +5 a',
      'cut -d - -f1 a',
      'cut -d-  -f1 a',
      'git log --author=-x',
    ])
      expect(classifyCommand(command).verdict, command).toBe('allow');
  });

  it('S01 a pattern behind -e of grep and rg, and a time before now, may begin with a dash', () => {
    for (const command of [
      "grep -rn -e '--flag' src",
      "grep -ne '->next' a.c",
      "rg -n -e '--flag' src",
      "date -d '-2 days' +%F",
      "git log --since '-1 week'",
    ])
      expect(classifyCommand(command).verdict, command).toBe('allow');
    for (const command of [
      "rg -e -- '--pre=id' a",
      "rg -A '-1 days --pre=id' x",
      'grep -e',
      "rg --regexp '--pre=id' x",
    ])
      expect(classifyCommand(command).verdict, command).toBe('ask');
    expect(readOptions(['-e', '-f', 'x'], '-e+ -n')).toMatchObject({ operands: ['x'] });
  });

  it('S12 grep takes the word behind -e for a pattern whatever it is', () => {
    const grep = (...words: string[]) =>
      spawnSync('grep', words, { encoding: 'utf8', input: 'a -f b\n--version\n' }).stdout;
    expect(grep('-e', '-f')).toBe('a -f b\n');
    expect(grep('-ne', '--version')).toBe('2:--version\n');
  });

  it('S12 what is attached to an option that takes the next word is a further option', () => {
    expect(readOptions(['-aL', '2', 'x'], '-a -L!')).toMatchObject({ operands: ['x'] });
    expect(readOptions(['-La', '2'], '-a -L!')).toEqual({ unknown: '-La' });
  });
});
