import { describe, expect, it } from 'vitest';
import { MetricsCoordinator } from '../../src/coordinators/metrics.js';
import type { SessionChanges } from '../../src/core/session-changes.js';
import { usage } from '../../src/core/usage.js';
import { keepOutput, noOutputs } from '../../src/kept-outputs.js';
import { append, type BlockBody, drain, initialState } from '../../src/state.js';
import type { CommandContext } from '../../src/ui/commands/command.js';
import { commands } from '../../src/ui/commands/registry.js';
import { isCommand, runCommand } from '../../src/ui/commands/run-command.js';
import { createFakePort } from './programs/fake-port.js';

function context(change: Partial<CommandContext> = {}): CommandContext {
  const { port = createFakePort({ act: async () => {} }) } = change;
  return {
    port,
    sessionId: 'session-one',
    state: initialState(),
    commands,
    columns: 80,
    cwd: '/nowhere',
    hint: () => {},
    send: () => {},
    copy: async () => [],
    switchSession: async (id) => [{ kind: 'notice', level: 'info', text: `now in ${id}` }],
    changeMode: (next, sessionId) => {
      port.setMode(next, sessionId);
      return true;
    },
    show: () => {},
    choose: async () => undefined,
    setInput: () => {},
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

  describe('/theme', () => {
    const themesOf = (saved: string[][] = []) => {
      const shown: string[] = [];
      let setting = 'auto';
      const themes = {
        get setting() {
          return setting;
        },
        show: (theme: string) => void shown.push(theme),
        saveSetting: async (key: string, value: string) => {
          saved.push([key, value]);
          setting = value;
          return '/home/me/config.yaml';
        },
      };
      return { themes, shown, saved };
    };

    it('shows and keeps the one that is named', async () => {
      const { themes, shown, saved } = themesOf();
      expect(await answer('/theme Light', { themes })).toBe(
        'The theme is light; that is kept in /home/me/config.yaml.',
      );
      expect([shown, saved]).toEqual([['light'], [['theme', 'light']]]);
    });

    it('offers them all, shows each while it is marked, and goes back where none is taken', async () => {
      const { themes, shown, saved } = themesOf();
      const marks: (number | undefined)[] = [];
      const choose: CommandContext['choose'] = async (_question, options, how) => {
        expect(options).toHaveLength(6);
        marks.push(how?.marked);
        how?.onMark?.(2);
        return undefined;
      };
      expect(await answer('/theme', { themes, choose })).toBe('The theme stays as it is.');
      expect([marks, shown, saved]).toEqual([[0], ['light', 'auto'], []]);
      expect(await answer('/theme', { themes, choose: async () => 4 })).toContain('high-contrast');
      expect(saved).toEqual([['theme', 'high-contrast']]);
    });

    it('says when a project says something else, and when there is no such theme', async () => {
      const { themes } = themesOf();
      const fixed = { ...themes, setting: 'dark' };
      expect(await answer('/theme light', { themes: fixed })).toContain('says dark here');
      expect(await answer('/theme colorblind', { themes })).toContain('Did you mean colour-blind?');
    });
  });

  it('/expand shows what has a number, the last call without one', async () => {
    const state = {
      ...initialState(),
      outputs: keepOutput(noOutputs, { kind: 'tool', title: 'Bash ls', text: 'a\nb' }),
    };
    for (const text of ['/expand', '/expand 1', '/expand #1'])
      expect(await answer(text, { state })).toBe('Bash ls\na\nb');
    expect(await answer('/expand 1 2', { state })).toBe('Bash ls, from line 2\nb');
    expect(await answer('/expand 2', { state })).toContain('#1 to #1');
    expect(await answer('/expand all', { state })).toContain('takes the number of a call');
    expect(await answer('/expand')).toBe('No tool has answered yet.');
  });

  it('/help lists every one of them with what it does, in groups', async () => {
    const text = await answer('/help');
    for (const { name, describe: what, aliases = [] } of commands) {
      expect(text).toMatch(new RegExp(`^  /${name}\\b`, 'm'));
      expect(text).toContain(what);
      for (const alias of aliases) expect(text).toContain(`/${alias}`);
    }
    for (const title of ['Start', 'Conversation', 'Changes in files', 'Settings', 'Keys'])
      expect(text).toMatch(new RegExp(`^${title}$`, 'm'));
    expect(text).not.toContain('Others');
  });

  it('/help names victor trust where the folder is not trusted, and only there', async () => {
    const withTrust = (trust: string) => answer('/help trust', { state: initialState({ trust }) });
    expect(await withTrust('untrusted')).toMatch(/not trusted\n {2}victor trust +typed in a shell/);
    expect(await withTrust('trusted')).not.toContain('victor trust');
    expect(await withTrust('')).not.toContain('victor trust');
  });

  it('/help WORD finds commands and keys by what they do, or says that there is none', async () => {
    const text = await answer('/help rewind');
    expect(text).toMatch(/^Commands and keys with rewind$/m);
    expect(text).toContain('/rewind');
    expect(text).toContain('Esc');
    expect(text).not.toContain('/model');
    expect(await answer('/help /mode')).toContain('/mode');
    expect(await answer('/help xyzzy')).toBe('No command and no key has xyzzy. /help lists them all.');
  });

  it.each([
    ['/modle', '/model'],
    ['/sess', '/sessions'],
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

  it('/cost tells the tiers of the cache apart, and an unknown price from none', async () => {
    const port = createFakePort({ act: async () => {} });
    const metrics = new MetricsCoordinator();
    const coordinators = { ...port.coordinators, metrics };
    const call = {
      type: 'request-end',
      provider: 'p',
      model: 'm',
      stopReason: 'end',
      durationMs: 1,
    } as const;
    const envelope = { id: '1', sessionId: 'session-one', timestamp: 0 };
    const tiers = { cacheReadTokens: 2_000, cacheWriteTokens: 700, cacheWrite1hTokens: 300 };
    const first = { ...call, usage: usage({ inputTokens: 10, ...tiers }), contextWindow: 1, ...envelope };
    metrics.record({ ...first, costUsd: null });
    const { totalTokens: _, ...tokens } = first.usage;
    const cost = (spent: { costUsd: number | null; unpricedCalls: number; providerCalls: number }) => {
      const one = { ...tokens, ...spent };
      const spending = async () => ({ turn: one, session: one, today: one, project: one, budgets: [] });
      return answer('/cost', { port: { ...port, coordinators, spending } });
    };
    const unknown = await cost({ costUsd: null, unpricedCalls: 1, providerCalls: 1 });
    expect(unknown).toMatch(
      /session +unknown, 1 of 1 call without a known cost: 10 tokens in, 0 out, 2k from cache, 700 to cache/,
    );
    expect(unknown).toMatch(/cache +300 tokens written for an hour/);
    expect(await cost({ costUsd: 0.5, unpricedCalls: 1, providerCalls: 2 })).toMatch(
      /session +≥ \$0\.5000, 1 of 2 calls without a known cost/,
    );
    expect(await cost({ costUsd: 0, unpricedCalls: 0, providerCalls: 1 })).toMatch(/session +\$0\.00:/);
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
    expect(await answer('/model offline/extractive', { port })).toContain(
      'No model is asked from now on: answers are found in the files. /model other/two asks one again.',
    );
    await answer('/model other/two', { port });
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

  it('/mode does not say that the mode is changed while a plan waits for its answer', async () => {
    const asked: unknown[] = [];
    const changeMode: CommandContext['changeMode'] = (...all) => {
      asked.push(all);
      return false;
    };
    expect(await answer('/mode ask', { changeMode })).toBe(
      'The plan is not approved yet: say first what becomes of it.',
    );
    expect(asked).toEqual([['ask', 'session-one']]);
  });

  it('/sessions offers them all, this one marked, and goes where the choice is', async () => {
    const offered: string[][] = [];
    const choose = (index: number | undefined) => ({
      choose: async (question: string, options: readonly string[]) => {
        offered.push([question, ...options]);
        return index;
      },
    });
    expect(await answer('/sessions', choose(2))).toBe('now in older-three');
    expect(await answer('/resume', choose(undefined))).toBe('');
    expect(await answer('/sessions', choose(0))).toBe('You are in this session.');
    expect(offered[0]).toEqual([
      'Which session?',
      expect.stringMatching(/^session- .*about session-one \(this one\)$/),
      expect.stringMatching(/^older-tw .*about older-two$/),
      expect.stringMatching(/^older-th .*about older-three$/),
    ]);
    expect(await answer('/sessions about THREE', choose(0))).toBe('now in older-three');
    expect(offered.at(-1)).toHaveLength(2);
  });

  it('/resume goes to the session whose id begins so, and lets choose among several', async () => {
    const offered: string[][] = [];
    const choose = async (_: string, options: readonly string[]) => {
      offered.push([...options]);
      return 1;
    };
    expect(await answer('/resume older-two')).toBe('now in older-two');
    expect(await answer('/resume older-t', { choose })).toBe('now in older-three');
    expect(offered).toEqual([[expect.stringContaining('older-tw'), expect.stringContaining('older-th')]]);
    expect(await answer('/resume nothing')).toBe(
      'No session has nothing in its id, title or tags. /search looks into what was said.',
    );
    expect(await answer('/resume session')).toBe('You are in this session.');
  });

  it('/clear, /compact, /undo, /redo, /rewind and /diff speak when there is nothing to do', async () => {
    expect(await answer('/clear')).toBe('');
    expect(await answer('/compact')).toContain('Nothing to compact');
    expect(await answer('/undo')).toBe('There is no edit to undo in this session.');
    expect(await answer('/redo')).toBe('Nothing was undone or rewound since the last change.');
    expect(await answer('/rewind')).toBe('You have said nothing yet in this session.');
    expect(await answer('/diff')).toBe('No file is changed by this session.');
  });

  it('/compact hands on what to focus on, knows its option and no other, and /uncompact says why not', async () => {
    const port = createFakePort({ act: async () => {} });
    const focused: unknown[] = [];
    const watched = {
      ...port,
      compact: (id: string, focus?: string) => {
        focused.push(focus);
        return port.compact(id);
      },
      previewCompaction: (id: string, focus?: string) => {
        focused.push(focus);
        return port.previewCompaction(id);
      },
    };
    await answer('/compact the date parser', { port: watched });
    const shown = await answer('/compact --dry-run the date parser', { port: watched });
    expect(focused).toEqual(['the date parser', 'the date parser']);
    expect(shown).toContain('Now 14 messages, ~4200 tokens.');
    expect(shown).toContain('recent would leave out 24 messages:\n  user: question 0');
    expect(shown).toContain('Nothing was changed.');
    expect(shown).not.toContain('\u001b');
    expect(await answer('/compact --dry', { port: watched })).toContain('no option --dry; it has --dry-run');
    expect(focused).toHaveLength(2);
    expect(await answer('/uncompact')).toBe('No compaction of this session is left to take back.');
  });

  it('/rewind gives a message back as a message, also one that reads like a command', async () => {
    const port = createFakePort({ act: async () => {} });
    const given: string[] = [];
    const changes: SessionChanges = {
      ...port.changes,
      prompts: async () => [{ messageId: 'm1', text: '!rm -rf .', timestamp: 0 }],
      preview: async ({ action }, sessionId = '') => ({
        files: { action, sessionId, since: null, files: [], left: [] },
        prompt: null,
        uncovered: [],
        conversation: { before: 'm1', messages: 3 },
      }),
      apply: async () => ({ restored: [], left: [], conversation: true }),
    };
    const setInput = (text: string) => void given.push(text);
    await answer('/rewind', { port: { ...port, changes }, choose: async () => 0, setInput });
    expect(given).toEqual([' !rm -rf .']);
  });

  it('/undo and /rewind show what they would do and ask; without a yes nothing happens', async () => {
    const port = createFakePort({ act: async () => {} });
    const applied: unknown[] = [];
    const shown: string[] = [];
    const asked: (readonly string[])[] = [];
    const state = { hash: 'x', mode: 0o644 };
    const file = { path: '/w/b', expected: state, target: state, back: 1, note: '' } as const;
    const files = [
      { ...file, kind: 'remove' },
      { ...file, path: '/w/c', kind: 'content', note: 'only back to yours' },
    ] as const;
    const left = [{ path: '/w/a', reason: 'It was deleted.' }];
    const changes: SessionChanges = {
      ...port.changes,
      prompts: async () => [{ messageId: 'm1', text: 'fix it', timestamp: 0 }],
      preview: async ({ action }, sessionId = '') => ({
        files: { action, sessionId, since: 1, files, left },
        prompt: 'fix it',
        uncovered: ['Bash make'],
        conversation: action === 'rewind' ? { before: 'm1', messages: 3 } : null,
      }),
      apply: async (_preview, parts) => {
        applied.push(parts);
        return { restored: files, left, conversation: parts.conversation };
      },
    };
    let taken: number | undefined;
    let input = '';
    const change: Partial<CommandContext> = {
      port: { ...port, changes },
      show: (blocks) => shown.push(...blocks.map((block) => (block.kind === 'output' ? block.text : ''))),
      choose: async (_, options) => {
        asked.push(options);
        return asked.length === 4 ? 0 : taken;
      },
      setInput: (text) => {
        input = text;
      },
    };
    expect(await answer('/undo', change)).toBe('Nothing was changed.');
    const list = [
      'remove      /w/b',
      'put back    /w/c (only back to yours)',
      'left alone   /w/a: It was deleted.',
    ];
    const calls = ['not covered: what these did, whatever they changed', '  Bash make'];
    expect(shown).toEqual([[...list, ...calls].join('\n')]);
    expect(asked).toEqual([['Yes, 2 files', 'No, leave everything as it is']]);
    taken = 1;
    expect(await answer('/undo', change)).toBe('Nothing was changed.');
    expect(applied).toEqual([]);
    taken = 0;
    expect(await answer('/undo', change)).toBe(`Undone (/redo takes it back)\n${list.join('\n')}`);
    expect(applied).toEqual([{ files: true, conversation: false }]);
    taken = 1;
    await answer('/rewind', change);
    expect(asked.slice(3)).toEqual([
      ['fix it'],
      [
        'Yes, the conversation and 2 files',
        'Yes, the conversation only',
        'Yes, 2 files only',
        'No, leave everything as it is',
      ],
    ]);
    expect(applied.at(-1)).toEqual({ files: false, conversation: true });
    expect(input).toBe('fix it');
  });

  it('/why lists what it explains, and does not guess', async () => {
    const overview = await answer('/why');
    expect(overview).toMatch(
      /^What was decided in this session: 0 decisions\ntools {4}No tools were chosen yet/,
    );
    for (const topic of ['tools', 'prompt', 'compact', 'denied', 'cache', 'config', 'model', 'other'])
      expect(overview).toMatch(new RegExp(`^${topic} +\\S`, 'm'));
    expect(overview).toContain('victor explain session-one shows all of it');
    expect(await answer('/why cahce')).toContain('There is no topic cahce. Did you mean cache?');
    expect(await answer('/why denied')).toBe(
      'No tool call was refused: 0 were decided about in this session.',
    );
    expect(await answer('/why cache')).toBe('There was no request yet whose tokens the provider counted.');
  });

  it('/tools gives each tool its kind and its first sentence', async () => {
    expect(await answer('/tools')).toBe(
      'Tools\nRead  read     Reads a file.\nBash  execute  Runs a command.',
    );
  });
});
