import { describe, expect, it } from 'vitest';
import { append, type BlockBody, drain, initialState } from '../../src/state.js';
import type { CommandContext } from '../../src/ui/commands/command.js';
import { commands } from '../../src/ui/commands/registry.js';
import { completions, isCommand, runCommand } from '../../src/ui/commands/run-command.js';
import { createFakePort } from './programs/fake-port.js';

function context(change: Partial<CommandContext> = {}): CommandContext {
  return {
    port: createFakePort({ act: async () => {} }),
    sessionId: 'session-one',
    state: initialState(),
    commands,
    switchSession: async (id) => [{ kind: 'notice', level: 'info', text: `now in ${id}` }],
    quit: () => {},
    ...change,
  };
}

async function answer(text: string, change: Partial<CommandContext> = {}, running = false): Promise<string> {
  const blocks: readonly BlockBody[] = await runCommand(text, context(change), running);
  const shown = drain(blocks.reduce(append, initialState())).blocks;
  return shown
    .map((block) => {
      if (block.kind === 'output') return `${block.title}\n${block.text}`;
      if (block.kind === 'notice') return block.text;
      return block.kind === 'error' ? `${block.error.message} ${block.error.advice}` : block.kind;
    })
    .join('\n');
}

describe('slash commands', () => {
  it('are told from messages and paths', () => {
    for (const text of ['/help', '/model x', '/nosuch', '/?']) expect(isCommand(text)).toBe(true);
    for (const text of ['/etc/hosts is wrong', 'a /help', '//', '/ help', '/usr/bin'])
      expect(isCommand(text)).toBe(false);
  });

  it('/help lists every one of them with what it does', async () => {
    const text = await answer('/help');
    for (const { name, describe: what } of commands) {
      expect(text).toContain(`/${name}`);
      expect(text).toContain(what);
    }
  });

  it.each([
    ['/modle', '/model'],
    ['/ses', '/sessions'],
    ['/exti', '/quit'],
  ])('an unknown one is reported and never run: %s', async (text, _) => {
    expect(await answer(text)).toMatch(/^There is no command/);
  });

  it('an unknown one is reported with the nearest', async () => {
    expect(await answer('/modle')).toContain('Did you mean /model?');
    expect(await answer('/ses')).toContain('Did you mean /sessions?');
    expect(await answer('/xyzzy')).toBe('There is no command /xyzzy. /help lists them all.');
  });

  it('work in any case and by their other names', async () => {
    let left = 0;
    const quit = () => {
      left += 1;
    };
    for (const text of ['/quit', '/exit', '/Q']) await answer(text, { quit });
    expect(left).toBe(3);
  });

  it('that change what a turn works on wait for its end', async () => {
    expect(await answer('/clear', {}, true)).toContain('needs the turn to end');
    expect(await answer('/cost', {}, true)).toContain('tokens');
  });

  it('/config shows what holds and where it comes from, all of it or the keys that begin so', async () => {
    expect(await answer('/config')).toBe(
      'Settings\nmaxTurns = 50  # defaults\ncompaction.strategy = "none"  # project /work/.victorrc:4',
    );
    expect(await answer('/config Compaction')).toBe(
      'Settings\ncompaction.strategy = "none"  # project /work/.victorrc:4',
    );
    expect(await answer('/config nothing')).toBe('There is no setting nothing. /config lists them all.');
  });

  it('/model shows who answers, and changes it', async () => {
    const { port } = context();
    expect(await answer('/model', { port })).toContain('fake/one answers');
    expect(await answer('/model other/two', { port })).toContain('other/two answers from now on');
    expect(await answer('/model nobody', { port })).toBe(
      'There is no provider nobody. Choose one of fake, offline.',
    );
  });

  it('/mode shows and changes the mode, and does not guess', async () => {
    const { port } = context();
    expect(await answer('/mode', { port })).toContain('The mode is ask');
    expect(await answer('/mode plan', { port })).toBe('The mode is plan.');
    expect(port.coordinators.mode.current()).toBe('plan');
    expect(await answer('/mode yoloo', { port })).toContain('Did you mean yolo?');
    expect(port.coordinators.mode.current()).toBe('plan');
  });

  it('/sessions lists them and marks this one', async () => {
    expect(await answer('/sessions')).toMatch(
      /\* session- .*about session-one\n {2}older-tw .*about older-two/,
    );
  });

  it('/resume takes the start of an id when it means one session only', async () => {
    expect(await answer('/resume older-two')).toBe('now in older-two');
    expect(await answer('/resume older-t')).toContain('Several sessions start with older-t');
    expect(await answer('/resume nothing')).toContain('No session starts with nothing');
    expect(await answer('/resume session')).toBe('You are in this session.');
    expect(await answer('/resume')).toContain('/resume ID');
  });

  it('/clear, /compact and /undo speak when there is nothing to do', async () => {
    expect(await answer('/clear')).toBe('');
    expect(await answer('/compact')).toContain('Nothing to compact');
    expect(await answer('/undo')).toBe('There is no edit to undo in this session.');
  });

  it('/undo restores the newest edit that is not undone yet', async () => {
    const port = createFakePort({ act: async () => {} });
    const asked: string[] = [];
    const point = { sessionId: 's', turnId: 't', before: null, mode: null, afterHash: 'x', createdAt: 0 };
    const checkpoint = {
      list: async () => [
        { ...point, id: '3', path: '/w/c', restored: true },
        { ...point, id: '2', path: '/w/b', restored: false },
        { ...point, id: '1', path: '/w/a', restored: false },
      ],
      restore: async (id: string) => {
        asked.push(id);
        return { restored: true, path: '/w/b', reason: 'Removed the new file.' };
      },
    };
    const changed = { ...port, coordinators: { ...port.coordinators, checkpoint } };
    expect(await answer('/undo', { port: changed })).toBe(
      'Undone\n/w/b: Removed the new file.\n/undo again: /w/a',
    );
    expect(asked).toEqual(['2']);
  });

  it('/tools gives each tool its kind and its first sentence', async () => {
    expect(await answer('/tools')).toBe(
      'Tools\nRead  read     Reads a file.\nBash  execute  Runs a command.',
    );
  });

  it('complete by their beginning', () => {
    expect(completions(commands, '/mo')).toEqual(['/model', '/mode']);
    expect(completions(commands, '/q')).toEqual(['/quit']);
    expect(completions(commands, '/quit now')).toEqual([]);
    expect(completions(commands, 'q')).toEqual([]);
  });
});
