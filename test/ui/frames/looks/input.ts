import { newSearch, reduceSearch } from '../../../../src/ui/history-search.js';
import { shortcutLines } from '../../../../src/ui/shortcuts.js';
import type { Look } from '../look.js';

const insert = (text: string) => ({ type: 'insert', text }) as const;

export const inputLooks: readonly Look[] = [
  {
    name: 'the first start with a model',
    scene: ({ show }) =>
      show({
        kind: 'banner',
        lines: [
          'Victor 1.2.3 · ~/work/app',
          'anthropic/claude-sonnet-5-5 · mode ask',
          '/help for commands and keys',
        ],
      }),
    sees: ['Victor 1.2.3', '/help'],
  },
  {
    name: 'the first start without a model',
    scene({ show, footer }) {
      show({
        kind: 'banner',
        lines: [
          'Victor 1.2.3 · ~/work/app',
          'No model is configured: answers are found in the files of this folder · mode ask',
          'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or type /model to see all · /help',
        ],
      });
      show({
        kind: 'notice',
        level: 'info',
        text: 'Ollama runs on this machine. Use it with /model ollama/tiny',
      });
      footer({ provider: 'offline', model: 'extractive' });
    },
    sees: ['Victor 1.2.3', 'No model is configured'],
  },
  {
    name: 'warnings at the start',
    scene: ({ show }) =>
      show(
        { kind: 'banner', lines: ['Victor 1.2.3 · ~/work/app', 'anthropic/claude-sonnet-5-5 · mode ask'] },
        {
          kind: 'notice',
          level: 'warning',
          text: '/work/.victorrc: ignored until this folder is trusted: provider, tools. Run `victor trust` to load them.',
        },
      ),
    reaches: ['ignored until this folder is trusted: provider, tools.'],
  },
  {
    name: 'a message being written',
    scene: ({ edit }) => edit(insert('Why does the parser fail on empty input?'), { type: 'left' }),
  },
  {
    name: 'a message of several lines with the cursor in the middle',
    scene: ({ edit }) =>
      edit(
        insert('first line\nsecond line\nthird line'),
        { type: 'up', columns: 78 },
        { type: 'line-start' },
      ),
    sees: ['❯ first line', '  second line'],
  },
  {
    name: 'a message taller than its room',
    scene: ({ edit }) => edit(insert(Array.from({ length: 30 }, (_, line) => `line ${line + 1}`).join('\n'))),
    sees: ['line 30'],
  },
  {
    name: 'wide characters and emoji in the input',
    scene: ({ edit }) => edit(insert('日本語のテキスト 👩‍👩‍👧 e\u0301 🇩🇪 '.repeat(3))),
  },
  {
    name: 'large pastes in the input',
    scene: ({ edit }) =>
      edit(
        insert('Compare '),
        { type: 'paste', text: 'a line\n'.repeat(120) },
        insert(' with '),
        { type: 'paste', text: 'x'.repeat(5_000) },
        insert(', please'),
      ),
    sees: ['[Pasted text #1'],
    reaches: ['Compare [Pasted text #1 · 120 lines] with [Pasted text #2 · 5000 characters], please'],
  },
  {
    name: 'a search through earlier messages',
    scene({ store, edit }) {
      edit(insert('draft'));
      const search = reduceSearch(newSearch, { type: 'query', query: 'earl' }, store.screen.input.history);
      store.update({ search }, 'now');
    },
    sees: ['Search earlier messages', 'an earlier message', '❯ earl'],
  },
  {
    name: 'a search that finds nothing',
    scene({ store }) {
      const search = reduceSearch(newSearch, { type: 'query', query: 'zebra' }, store.screen.input.history);
      store.update({ search }, 'now');
    },
    sees: ['No earlier message has this', '❯ zebra'],
  },
  {
    name: 'the keys that a question mark shows',
    scene: ({ show }) => show({ kind: 'output', title: 'Keys', text: shortcutLines().join('\n') }),
    reaches: ['these keys, when the input is empty'],
  },
  {
    name: 'a hint under the input',
    scene({ store, edit }) {
      edit(insert('draft'));
      store.update({ hint: 'Press Esc again to clear the input.' }, 'now');
    },
    sees: ['Press Esc again'],
  },
];
