import { commands } from '../../../../src/ui/commands/registry.js';
import { commandItems } from '../../../../src/ui/menu/command-items.js';
import type { Menu } from '../../../../src/ui/menu/menu.js';
import type { Look } from '../look.js';
import type { Stage } from '../stage.js';

/** A text at whose end a word has a menu. */
function open({ edit, store }: Stage, text: string, menu: Pick<Menu, 'items'> & Partial<Menu>): void {
  edit({ type: 'insert', text });
  const start = text.lastIndexOf(' ') + 1;
  store.update({ menu: { of: text, start, end: text.length, selected: 0, ...menu } }, 'now');
}

const files = [
  'src/parser.ts',
  'src/parser.test.ts',
  'docs/how-the-parser-of-this-project-reads-its-input.md',
];

export const menuLooks: readonly Look[] = [
  {
    name: 'the menu of commands',
    scene: (stage) => open(stage, '/', { items: commandItems(commands, ''), selected: 2 }),
    sees: ['❯ /'],
  },
  {
    name: 'the menu of commands that begin so',
    scene: (stage) => open(stage, '/re', { items: commandItems(commands, 're') }),
    sees: ['/rename', '/rewind'],
  },
  {
    name: 'the menu of files',
    scene: (stage) =>
      open(stage, 'look at @pars', { items: files.map((label) => ({ label, insert: `@${label} ` })) }),
    sees: ['look at @pars', 'src/parser.ts'],
  },
  {
    name: 'a menu whose files are still looked for',
    scene: (stage) => open(stage, '@pars', { items: [], note: 'Looking for files …' }),
    sees: ['Looking for files'],
  },
];
