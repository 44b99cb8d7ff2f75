import type { Command, CommandContext } from '../commands/command.js';
import { findCommand } from '../commands/run-command.js';
import { type InputAction, reduceInput } from '../input-state.js';
import type { Key } from '../keys.js';
import type { FileIndex } from '../mentions/file-index.js';
import { mentionItems } from '../mentions/mention-items.js';
import type { ScreenStore } from '../screen-store.js';
import { commandItems, valueItems } from './command-items.js';
import { type Menu, type MenuItem, moveMark, openMenu, standsThere, takeMarked } from './menu.js';
import { type Word, wordAt } from './word-at.js';

export interface CompletionOptions {
  readonly store: ScreenStore;
  readonly commands: readonly Command[];
  readonly port: CommandContext['port'];
  readonly files: FileIndex;
  sessionId(): string;
}

/** Shows what the word at the cursor may become, while it is being written. */
export interface Completion {
  /** What these actions made of the input is looked at anew. */
  follow(actions: readonly InputAction[]): void;
  /** Shows the menu where it is closed, or takes what alone it would show. */
  open(): void;
  /** Carries out a key that means something to the open menu; `false` for any other. */
  take(key: Key): boolean;
}

/** What writes on at the cursor. All else that changes the text brings another one, which nobody is writing. */
const writes: readonly InputAction['type'][] = [
  'insert',
  'paste',
  'delete-left',
  'delete-right',
  'kill-word-left',
  'kill-word-right',
  'kill-line-end',
  'kill-line-start',
  'yank',
];
const moves: readonly InputAction['type'][] = [
  'left',
  'right',
  'word-left',
  'word-right',
  'line-start',
  'line-end',
];

/** So many are ranked; who wants another types more of it. */
const mostFiles = 50;
const readingFiles = 'Reading the names of the files …';

export function createCompletion(options: CompletionOptions): Completion {
  const { store, port, files } = options;
  /** Where the word begins that the user wants no menu for. */
  let left: number | undefined;
  /** Files are looked for; `take`: the best of them is wanted as soon as it is known. */
  let searching: { take: boolean } | undefined;

  const show = (menu: Menu | undefined) => {
    if (store.screen.menu !== menu) store.update({ menu }, 'now');
  };

  function itemsOf(word: Exclude<Word, { kind: 'mention' }>): readonly MenuItem[] {
    if (word.kind === 'command') return commandItems(options.commands, word.query);
    return valueItems(findCommand(options.commands, word.command), word.query, {
      port,
      sessionId: options.sessionId(),
      commands: options.commands,
      state: store.screen.state,
    });
  }

  function stopSearch(): void {
    searching = undefined;
    files.cancel();
  }

  function look(): void {
    const { text, cursor } = store.screen.input;
    const word = wordAt(text, cursor);
    if (word?.start !== left) left = undefined;
    stopSearch();
    if (!word || left !== undefined) show(undefined);
    else if (word.kind === 'mention') lookForFiles(word);
    else offer(word, itemsOf(word));
  }

  function offer({ start, end }: Word, items: readonly MenuItem[]): void {
    const of = store.screen.input.text;
    show(items.length === 0 ? undefined : { of, start, end, items, selected: 0 });
  }

  function lookForFiles(word: Word): void {
    const { menu, input } = store.screen;
    const { start, end } = word;
    const of = input.text;
    const isNew = menu?.start !== start;
    if (isNew) files.begin();
    const search = { take: false };
    searching = search;
    const answer = files.search(word.query.replace(/^\.\//, ''), mostFiles, (paths) => {
      searching = undefined;
      if (store.screen.input.text !== of) return;
      offer(word, mentionItems(paths));
      const found = openMenu(store.screen);
      if (search.take && found) complete(found);
    });
    if (!searching) return;
    // Until more is known, what was found for a shorter word stays.
    if (answer === 'reading') show({ of, start, end, items: [], selected: 0, note: readingFiles });
    else if (!isNew) show({ ...menu, of, end });
  }

  function complete(menu: Menu): void {
    const { input } = store.screen;
    const replacement = takeMarked(menu, input.text);
    if (!replacement) return;
    store.update({ input: reduceInput(input, { type: 'replace', ...replacement }), hint: '' }, 'now');
    look();
  }

  return {
    follow(actions) {
      const types = actions.map(({ type }) => type);
      if (types.every((type) => moves.includes(type))) {
        if (openMenu(store.screen)) look();
      } else if (types.every((type) => writes.includes(type) || moves.includes(type))) look();
      else {
        left = undefined;
        stopSearch();
        show(undefined);
      }
    },
    open() {
      left = undefined;
      look();
      const menu = openMenu(store.screen);
      if (!searching && menu?.items.length === 1) complete(menu);
    },
    take(key) {
      const menu = openMenu(store.screen);
      if (!menu || key.type !== 'key') return false;
      const { name, ctrl, alt, shift } = key;
      if (name === 'escape') {
        left = menu.start;
        stopSearch();
        show(undefined);
        return true;
      }
      if (alt || shift) return false;
      if ((name === 'up' && !ctrl) || (ctrl && name === 'p')) show(moveMark(menu, -1));
      else if ((name === 'down' && !ctrl) || (ctrl && name === 'n')) show(moveMark(menu, 1));
      else if (name === 'tab' && !ctrl) {
        if (searching) searching.take = true;
        else complete(menu);
      } else if (name === 'enter' && !ctrl) {
        if (!searching && menu.items.length > 0 && !standsThere(menu, store.screen.input.text))
          complete(menu);
        else {
          stopSearch();
          show(undefined);
          return false;
        }
      } else return false;
      return true;
    },
  };
}
