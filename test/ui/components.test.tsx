import { readdir } from 'node:fs/promises';
import { cleanup, render } from 'ink-testing-library';
import type { ReactElement } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { append, type BlockBody, drain, initialState, type ToolBlockBody } from '../../src/state.js';
import { App } from '../../src/ui/components/app.js';
import { BlockView } from '../../src/ui/components/block-view.js';
import { layoutFrame } from '../../src/ui/frame.js';
import { initialInput } from '../../src/ui/input-state.js';
import type { Screen } from '../../src/ui/screen.js';

afterEach(cleanup);

function frameOf(element: ReactElement): string[] {
  return (render(element).lastFrame() ?? '').split('\n');
}

/** The block as it is printed, without the gap above it. */
function shown(body: BlockBody, columns = 40): string[] {
  const [block] = drain(append(initialState(), body)).blocks;
  const lines = frameOf(<BlockView block={block!} columns={columns} />);
  return lines[0] === '' ? lines.slice(1) : lines;
}

const tool: ToolBlockBody = {
  kind: 'tool',
  name: 'Read',
  title: 'src/a.ts',
  status: 'done',
  summary: '42 lines',
  durationMs: 1_200,
};

describe('blocks of the transcript', () => {
  it('a message of the user, marked and indented', () => {
    expect(shown({ kind: 'user', text: 'please look at the failing tests in this folder' })).toEqual([
      '❯ please look at the failing tests in',
      '  this folder',
    ]);
  });

  it('a huge message by its beginning, and by its end, where the question stands', () => {
    const lines = shown({
      kind: 'user',
      text: Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n'),
    });
    expect(lines).toHaveLength(11);
    expect(lines.slice(5, 8)).toEqual(['  line 5', '  … 490 more lines', '  line 496']);
    expect(lines.at(-1)).toBe('  line 499');
  });

  it('an answer with its empty lines and its indentation', () => {
    const text = '# Title\n\nSome words that are longer than one row.\n  - item\n```\n  code   here\n```';
    expect(shown({ kind: 'answer', text, fence: '' }, 30)).toEqual([
      'Title',
      '',
      'Some words that are longer',
      'than one row.',
      '  • item',
      '    code   here',
    ]);
  });

  it.each<readonly [ToolBlockBody['status'], string]>([
    ['done', '✓ Read src/a.ts · 42 lines · 1.2 s'],
    ['failed', '✗ Read src/a.ts · 42 lines · 1.2 s'],
    ['denied', '⊘ Read src/a.ts · 42 lines · 1.2 s'],
    ['interrupted', '■ Read src/a.ts · 42 lines · 1.2 s'],
  ])('a tool call on one line: %s', (status, line) => {
    expect(shown({ ...tool, status })).toEqual([line]);
  });

  it.each([20, 30, 40, 80])(
    'a tool call with a long command and summary stays on one line of %i cells',
    (columns) => {
      const long = {
        ...tool,
        name: 'Bash',
        title: 'npm test && echo "done" | tee log.txt\nand more',
        summary: 'x'.repeat(60),
      };
      const lines = shown(long, columns);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('npm');
      expect(lines[0]?.length).toBeLessThanOrEqual(columns);
    },
  );

  it('an edit with the lines it changed', () => {
    const change = { path: 'a.ts', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\n' };
    expect(shown({ ...tool, name: 'Edit', change })).toEqual([
      '✓ Edit src/a.ts · 42 lines · 1.2 s',
      '    1   one',
      '    2 - two',
      '    2 + 2',
      '    3   three',
    ]);
  });

  it('a call and its change with the number under which the whole of them is kept', () => {
    const change = { path: 'a.ts', before: null, after: 'line\n'.repeat(100) };
    const lines = shown({ ...tool, name: 'Write', change, number: 12 });
    expect(lines[0]).toBe('✓ Write src/a.ts · 42 lin… · 1.2 s · #12');
    expect(lines.at(-1)).toBe('    … 88 more lines: /expand 12');
  });

  it('changes that are longer than anybody reads on a screen, with the command that shows them all', () => {
    const file = { path: 'a.ts', before: null, after: 'line\n'.repeat(500), notes: [] };
    const lines = shown({ kind: 'diff', title: 'Changed', files: [file] }, 80);
    expect(lines.at(-1)).toBe('… 101 more lines: victor sessions diff ID shows all');
  });

  it('a change too long for once in parts, of which each begins where the last one ended', () => {
    const after = Array.from({ length: 500 }, (_, line) => `line ${line + 1}\n`).join('');
    const diff = {
      kind: 'diff',
      title: 'Write a.ts',
      files: [{ path: 'a.ts', before: null, after, notes: [] }],
    } as const;
    const first = shown({ ...diff, more: '101 more lines: /expand 1 401' }, 80);
    const second = shown({ ...diff, from: 401 }, 80);
    expect(first.at(-1)).toBe('… 101 more lines: /expand 1 401');
    expect([...first.slice(2, -1), ...second.slice(1)].map((row) => row.replace(/^ +\d+ \+ /, ''))).toEqual(
      after.trimEnd().split('\n'),
    );
  });

  it('a new file by its first lines', () => {
    const change = { path: 'a.ts', before: null, after: 'line\n'.repeat(100) };
    const lines = shown({ ...tool, name: 'Write', change });
    expect(lines).toHaveLength(14);
    expect(lines.at(-1)).toBe('    … 88 more lines');
  });

  it('an error with what to do next', () => {
    const error = { code: 'x', message: 'The key was refused.', advice: 'Check ANTHROPIC_API_KEY.' };
    expect(shown({ kind: 'error', error })).toEqual(['✗ The key was refused.', '  Check ANTHROPIC_API_KEY.']);
  });

  it('an output whose every line is framed, so that it cannot pass for anything else', () => {
    expect(shown({ kind: 'output', title: 'Bash ls', text: '❯ fake prompt\nb' })).toEqual([
      'Bash ls',
      '│ ❯ fake prompt',
      '│ b',
    ]);
  });

  it('an output whose long lines go on at words, under their last column', () => {
    const text = '/model  NAME   another provider or model\n  a long line that is indented';
    expect(shown({ kind: 'output', title: 'Commands', text }, 30)).toEqual([
      'Commands',
      '│ /model  NAME   another',
      '│                provider or',
      '│                model',
      '│   a long line that is',
      '│   indented',
    ]);
  });

  it('notices, thinking and the banner', () => {
    expect(
      shown({ kind: 'notice', level: 'warning', text: 'take care of this and of that, please, now' }),
    ).toEqual(['! take care of this and of that, please,', '  now']);
    const thought = {
      kind: 'thinking',
      summary: 'Let me see what is there',
      durationMs: 12_400,
      number: 4,
    } as const;
    expect(shown(thought)).toEqual(['Thought for 12 s · Let me see what… · #4']);
    expect(shown({ ...thought, durationMs: 0 })).toEqual(['Thought · Let me see what is there · #4']);
    expect(shown(thought, 24)).toEqual(['Thought for 12 s · #4']);
    expect(shown({ kind: 'banner', lines: ['Victor 1.0', 'second'] })).toEqual(['Victor 1.0', 'second']);
  });
});

describe('foreign text', () => {
  const hostile = 'a\u001b[2J\u001b]0;x\u0007\u009b31mb\u202ec\u0007';
  const bodies: readonly BlockBody[] = [
    { kind: 'banner', lines: [hostile] },
    { kind: 'user', text: hostile },
    { kind: 'answer', text: hostile, fence: '' },
    { kind: 'thinking', summary: hostile, durationMs: 0, number: 1 },
    {
      ...tool,
      name: hostile,
      title: hostile,
      summary: hostile,
      change: { path: hostile, before: hostile, after: `${hostile}\n${hostile}` },
    },
    { kind: 'output', title: hostile, text: hostile },
    { kind: 'notice', level: 'info', text: hostile },
    { kind: 'error', error: { code: 'x', message: hostile, advice: hostile } },
  ];

  it.each(bodies)('E01 E02 E04 E08 controls nothing in a block: $kind', (body) => {
    const text = shown(body, 200).join('\n');
    expect(text).toContain('a�b�c');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('E01 E02 controls nothing in the dynamic area', () => {
    const state = {
      ...initialState({ provider: hostile, model: hostile, sessionId: hostile }),
      tools: [{ callId: '1', name: hostile, title: hostile, startedAt: 0, status: 'running' as const }],
    };
    const live = { ...state.live, partial: hostile };
    const screen: Screen = {
      state: { ...state, live, turn: { ...state.turn, running: true, sending: hostile } },
      input: initialInput(),
      columns: 100,
      rows: 24,
      now: 0,
      approval: undefined,
      queued: [hostile],
      hint: '',
      print: { number: 0, blocks: [] },
    };
    const text = frameOf(<App print={screen.print} columns={100} frame={layoutFrame(screen)} />).join('\n');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text.match(/a�b�c/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('reaches Ink through one component only', async () => {
    const { readFile } = await import('node:fs/promises');
    const folder = new URL('../../src/ui/components/', import.meta.url);
    const users: string[] = [];
    for (const name of await readdir(folder)) {
      const source = await readFile(new URL(name, folder), 'utf8');
      if (/import \{[^}]*\bText\b[^}]*\} from 'ink'/.test(source)) users.push(name);
    }
    // Rows gives Ink nothing but line ends and spaces of its own.
    expect(users).toEqual(['rows.tsx', 'safe-text.tsx']);
  });
});
