import { oneLine } from './displayable.js';
import type { Screen } from './screen.js';

/** Cells of a tab are few. */
const MOST_FOLDER_CHARACTERS = 40;

/** What the window is called: the folder, and what Victor does there; a mark comes first, because tabs are narrow. */
export function titleOf(
  { state, approval, choice }: Pick<Screen, 'state' | 'approval' | 'choice'>,
  folder: string,
): string {
  const mark = approval || choice ? '? ' : state.turn.running ? '… ' : '';
  const name = oneLine(folder.replace(/\/+$/, '').replace(/^.*\//, '')) || '/';
  return `${mark}${[...name].slice(0, MOST_FOLDER_CHARACTERS).join('')} – victor`;
}

const bell = '\u0007';
const setTitle = (title: string) => `\u001b]2;${title}${bell}`;

/** Keeps the title that the terminal has, where it can keep one. */
export const keepTitle = '\u001b[22;2t';
/** Empty first, for terminals that kept none: they show their own then. */
export const restoreTitle = `${setTitle('')}\u001b[23;2t`;

export interface WindowTitle {
  /** After each frame; writes only what changed. */
  show(screen: Pick<Screen, 'state' | 'approval' | 'choice'>): void;
  /** Somebody else had the terminal. */
  forget(): void;
}

export function createWindowTitle(folder: string, write: (data: string) => void): WindowTitle {
  let shown: string | undefined;
  return {
    show(screen) {
      const title = titleOf(screen, folder);
      if (title === shown) return;
      shown = title;
      write(setTitle(title));
    },
    forget() {
      shown = undefined;
    },
  };
}
