import type { ToolBlockBody } from '../../../../src/state.js';
import type { Look } from '../look.js';

const tool: ToolBlockBody = {
  kind: 'tool',
  name: 'Read',
  title: 'src/parser.ts',
  status: 'done',
  summary: '120 lines',
  durationMs: 340,
};
const before = 'export function next() {\n  const token = read();\n  return token;\n}\n';
const after = 'export function next() {\n  if (atEnd()) return undefined;\n  return read();\n}\n';
const markdown = `# What was wrong

The parser **called** \`next()\` _before_ it looked, see [the docs](https://example.com/parser):

1. the loop in \`parse\`
   - which had no end
   - and a second reason that is long enough to go on in the next row
2. the test

> It never worked.

\`\`\`ts
while (!atEnd()) next();
\`\`\``;

const nested = `> The issue says:
>
> | File | Lines |
> |---|--:|
> | parser.ts | 120 |
>
> \`\`\`ts title="src/parser.ts"
> while (true) next();
> \`\`\`

1. [x] the loop
2. [ ] the test, see [the docs][parser]:
   \`\`\`sh
   npm test -- parser
   \`\`\`
3. ~~rewrite it~~ leave it\\
   as it is

[parser]: https://example.com/parser`;

export const transcriptLooks: readonly Look[] = [
  {
    name: 'an answer with headings, lists, a quote, a link and code',
    scene: ({ show }) =>
      show({ kind: 'user', text: 'What was wrong?' }, { kind: 'answer', text: markdown, fence: '' }),
    reaches: ['which had no end', 'while (!atEnd()) next();'],
  },
  {
    name: 'an answer with code and tables in quotes and lists',
    scene: ({ show }) => show({ kind: 'answer', text: nested, fence: '' }),
    reaches: [
      'parser.ts',
      'npm test -- parser',
      'https://example.com/parser',
      '☑ the loop',
      '~~rewrite it~~',
    ],
  },
  {
    name: 'an answer with a table',
    scene: ({ show }) =>
      show({
        kind: 'answer',
        text: '| File | Lines | What changes |\n|---|--:|---|\n| `parser.ts` | 120 | the loop that has no end |\n| `lexer.ts` | 9 | nothing |',
        fence: '',
      }),
    sees: ['parser.ts', 'lexer.ts'],
  },
  {
    name: 'thinking and an answer',
    scene: ({ show }) =>
      show(
        { kind: 'thinking', summary: 'One token too many.', durationMs: 12_000, number: 1 },
        { kind: 'answer', text: 'Found it.', fence: '' },
      ),
    sees: ['Thought for 12 s', 'Found it.'],
  },
  {
    name: 'calls that were done, failed, refused and interrupted',
    scene: ({ show }) =>
      show(
        tool,
        {
          ...tool,
          name: 'Bash',
          title: 'npm test',
          status: 'failed',
          summary: 'exit code 1',
          durationMs: 65_000,
        },
        {
          ...tool,
          name: 'Bash',
          title: 'git push',
          status: 'denied',
          summary: 'refused',
          durationMs: undefined,
        },
        {
          ...tool,
          name: 'Grep',
          title: 'TODO',
          status: 'interrupted',
          summary: 'interrupted',
          durationMs: undefined,
        },
      ),
    sees: ['✓ Read', '✗ Bash npm test', '⊘ Bash git push', '■ Grep'],
  },
  {
    name: 'an edit with what it changed',
    scene: ({ show }) =>
      show({ ...tool, name: 'Edit', summary: '+2 -2', change: { path: 'src/parser.ts', before, after } }),
    sees: ['atEnd()'],
  },
  {
    name: 'a new file by its first lines',
    scene: ({ show }) =>
      show({
        ...tool,
        name: 'Write',
        title: 'src/new.ts',
        summary: 'created',
        change: {
          path: 'src/new.ts',
          before: null,
          after: Array.from({ length: 40 }, (_, line) => `line ${line + 1}\n`).join(''),
        },
      }),
    sees: ['more lines'],
  },
  {
    name: 'an output in full',
    scene: ({ show }) =>
      show({
        kind: 'output',
        title: 'Bash npm test',
        text: '> app@1.0.0 test\n> vitest run\n\n ✓ parser.test.ts (3 tests)\n ❯ this looks like a prompt and is none',
      }),
    sees: ['│  ❯ this looks like'],
  },
  {
    name: 'all that a session changed',
    scene: ({ show }) =>
      show({
        kind: 'diff',
        title: 'Changed in this session: 1 file',
        files: [{ path: 'src/parser.ts', before, after, notes: [] }],
      } as never),
    sees: ['src/parser.ts'],
  },
  {
    name: 'an error with advice',
    scene: ({ show }) =>
      show({
        kind: 'error',
        error: {
          code: 'storage',
          message: 'The database cannot be written: the disk is full.',
          advice: 'Free some space; until then the session is kept in memory.',
        },
      }),
    reaches: ['The database cannot be written: the disk is full.', 'Free some space'],
  },
  {
    name: 'a block that cannot be drawn',
    scene: ({ show }) =>
      show(
        { kind: 'answer', text: 'before', fence: '' },
        { kind: 'notice', level: 'info', text: undefined as unknown as string },
        { kind: 'answer', text: 'after', fence: '' },
      ),
    sees: ['before', '! This could not be drawn', 'after'],
  },
  {
    name: 'hostile text',
    scene: ({ show, footer, store }) => {
      const hostile = 'a\u001b[2J\u001b]0;x\u0007\u009b31mb\u202ec\u0007d';
      show(
        { kind: 'user', text: hostile },
        { kind: 'answer', text: hostile, fence: '' },
        { ...tool, name: hostile, title: hostile, summary: hostile },
        { kind: 'output', title: hostile, text: hostile },
      );
      footer({ model: hostile, branch: hostile });
      store.update({ hint: hostile, queued: [hostile] }, 'now');
    },
  },
  {
    name: 'a huge message of the user',
    scene: ({ show }) =>
      show({ kind: 'user', text: Array.from({ length: 400 }, (_, line) => `pasted ${line}`).join('\n') }),
    sees: ['… 390 more lines'],
  },
];
