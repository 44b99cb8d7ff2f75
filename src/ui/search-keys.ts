import { previousBoundary } from './graphemes.js';
import { newSearch, reduceSearch, type SearchAction } from './history-search.js';
import { reduceInput } from './input-state.js';
import { keyName } from './key-names.js';
import type { Key } from './keys.js';
import type { ScreenStore } from './screen-store.js';

export interface SearchKeysOptions {
  readonly store: ScreenStore;
  /** Messages older than the history has, oldest first; asked once. */
  readonly earlierPrompts?: (() => Promise<readonly string[]>) | undefined;
  /** Sends the input as it is. */
  send(): void;
}

export interface SearchKeys {
  open(): void;
  /** What a key does while a search is open; `false` for a key that means what it always does. */
  take(key: Key): boolean;
  /** Older messages join the history, where nobody has asked for them yet. */
  loadEarlier(): void;
}

const moves: Readonly<Record<string, 'older' | 'newer'>> = {
  'C-r': 'older',
  up: 'older',
  'C-p': 'older',
  'C-s': 'newer',
  down: 'newer',
  'C-n': 'newer',
};

/** Searches the history with the keys of readline. */
export function createSearchKeys({ store, earlierPrompts, send }: SearchKeysOptions): SearchKeys {
  let asked = false;

  function act(action: SearchAction): void {
    const { search, input } = store.screen;
    if (search) store.update({ search: reduceSearch(search, action, input.history) }, 'now');
  }

  /** Ends the search with what it found in the input. */
  function accept(): boolean {
    const { search, input } = store.screen;
    const found = search?.found;
    const shown = found === undefined ? input : reduceInput(input, { type: 'show-history', index: found });
    store.update({ search: undefined, input: shown, hint: '' }, 'now');
    return found !== undefined;
  }

  function erase(query: string): void {
    if (query === '') store.update({ search: undefined }, 'now');
    else act({ type: 'query', query: query.slice(0, previousBoundary(query, query.length)) });
  }

  async function load(): Promise<void> {
    const texts = (await earlierPrompts?.().catch(() => [])) ?? [];
    const { input } = store.screen;
    const grown = reduceInput(input, { type: 'prepend-history', texts });
    const by = grown.history.length - input.history.length;
    if (by === 0) return;
    store.update({ input: grown }, 'now');
    act({ type: 'grown', by });
  }

  function loadEarlier(): void {
    if (!asked) void load();
    asked = true;
  }

  return {
    open() {
      loadEarlier();
      store.update({ search: newSearch }, 'now');
    },
    take(key) {
      const { search } = store.screen;
      if (!search) return false;
      if (key.type !== 'key') {
        act({ type: 'query', query: search.query + key.text.replace(/\s+/g, ' ') });
        return true;
      }
      const name = keyName(key);
      const move = moves[name];
      if (move) act({ type: move });
      else if (name === 'backspace' || name === 'C-h') erase(search.query);
      else if (name === 'C-g' || name === 'C-c') store.update({ search: undefined }, 'now');
      else if (name === 'enter') {
        if (accept()) send();
      } else {
        accept();
        return name === 'escape' || name === 'tab';
      }
      return true;
    },
    loadEarlier,
  };
}
