import { commands } from '../../../../src/ui/commands/registry.js';
import { commandItems } from '../../../../src/ui/menu/command-items.js';
import type { Look } from '../look.js';
import type { Stage } from '../stage.js';

const sizes = [{ columns: 40, rows: 12 }];
const status = 'main* 12 files, 3 conflicts, build red, 漢字 in the branch name, and more than fits';

/** Everything at once that may stand above and below the input. */
function busy({ send, emit, footer, store }: Stage): void {
  footer({ custom: status });
  send('Fix the parser and then the lexer, and tell me what you changed in each of the two');
  emit({ type: 'message', message: { id: 'm', role: 'user', content: 'Fix the parser' } });
  emit({
    type: 'text-delta',
    text: 'An answer whose last line has not yet come to its end and goes on and on',
  });
  store.update({ queued: ['and then a second message that is longer than a row', 'a third'] }, 'now');
}

export const smallLooks: readonly Look[] = [
  {
    name: 'a small terminal with a question in a busy turn',
    sizes,
    scene(stage) {
      busy(stage);
      stage.edit({ type: 'insert', text: 'half a message that the question came into, longer than its row' });
      stage.ask({ name: 'Bash', input: { command: `npm test -- ${'--grep something '.repeat(12)}` } });
    },
    sees: ['Allow Bash?'],
  },
  {
    name: 'a small terminal with the menu open in a busy turn',
    sizes,
    scene(stage) {
      busy(stage);
      stage.edit({ type: 'insert', text: '/co' });
      const { input } = stage.store.screen;
      const items = commandItems(commands, 'co');
      stage.store.update({ menu: { of: input.text, start: 0, end: 3, items, selected: 3 } }, 'now');
    },
    sees: ['❯ /co'],
  },
  {
    name: 'a small terminal with an answer to a question being written',
    sizes,
    scene(stage) {
      busy(stage);
      stage.ask({ name: 'Bash', input: { command: `npm test -- ${'--grep something '.repeat(12)}` } });
      stage.answerInstead(
        'run only the tests of the parser, and those one by one because '.repeat(5).trimEnd(),
      );
    },
    sees: ['Allow Bash?', 'Mode ask asks before running commands.'],
  },
  {
    name: 'a small terminal with a long message being written',
    sizes,
    scene(stage) {
      busy(stage);
      stage.edit({ type: 'insert', text: 'a long message, 漢字 in it, that goes on. '.repeat(12) });
    },
  },
];
