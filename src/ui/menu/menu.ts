import type { Screen } from '../screen.js';

/** One thing that what is being written may become. */
export interface MenuItem {
  readonly label: string;
  /** What comes behind it, for example `[mode]`. */
  readonly argument?: string | undefined;
  /** One line. */
  readonly describe?: string | undefined;
  /** What stands in place of the word when it is taken. */
  readonly insert: string;
}

/** What the word at the cursor may become. */
export interface Menu {
  /** The input that it is about; over any other text it is closed. */
  readonly of: string;
  /** Where that word stands: UTF-16 indices of the input. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly MenuItem[];
  readonly selected: number;
  /** Said in place of items that are still looked for. */
  readonly note?: string;
}

/** The menu that is open over what is written now. */
export function openMenu({ menu, input }: Pick<Screen, 'menu' | 'input'>): Menu | undefined {
  return menu?.of === input.text ? menu : undefined;
}

/** Another item marked; after the last comes the first. */
export function moveMark(menu: Menu, by: 1 | -1): Menu {
  const { length } = menu.items;
  return length === 0 ? menu : { ...menu, selected: (menu.selected + by + length) % length };
}

/** Whether what the marked item would become stands in the input `text` already. */
export function standsThere({ start, end, items, selected }: Menu, text: string): boolean {
  return items[selected]?.insert.trimEnd() === text.slice(start, end);
}

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The change of the input `text` that takes the marked item; `undefined` without one. */
export function takeMarked({ start, end, items, selected }: Menu, text: string): Replacement | undefined {
  const insert = items[selected]?.insert;
  if (insert === undefined) return undefined;
  // A space that is there already is not put a second time.
  return { start, end, text: /^\s/.test(text.slice(end)) ? insert.trimEnd() : insert };
}
