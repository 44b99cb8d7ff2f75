import type { NotificationSettings } from './notifications.js';
import { createNotifications, focusReports } from './notifications.js';
import type { Screen } from './screen.js';
import { createWindowTitle, keepTitle, restoreTitle } from './window-title.js';

export interface MannersOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Who is read to gets none of it. */
  readonly spoken?: boolean;
  /** Absolute. */
  readonly cwd: string;
  /** Nobody is told anything when absent. */
  readonly notifications?: (() => NotificationSettings) | undefined;
  write(data: string): void;
}

/** What the chat does to a terminal beside drawing in it. */
export interface Manners {
  /** What is written when the terminal is taken, and when it is given back. */
  readonly modes: { on(): string; off(): string };
  /** After each frame. */
  painted(screen: Screen): void;
  /** The terminal got or lost the focus. */
  focused(hasFocus: boolean): void;
  /** A key was pressed. */
  touched(): void;
}

const nothing = () => {};
const plain: Manners = {
  modes: { on: () => '', off: () => '' },
  painted: nothing,
  focused: nothing,
  touched: nothing,
};

/** Terminals that print what they do not know get none of it. */
function isPlain({ TERM }: NodeJS.ProcessEnv): boolean {
  return TERM === undefined || TERM === 'dumb' || TERM === 'linux';
}

/** The title of the window, and word of a long turn to somebody who looks elsewhere. */
export function createManners({
  environment,
  spoken = false,
  cwd,
  notifications,
  write,
}: MannersOptions): Manners {
  if (spoken || isPlain(environment)) return plain;
  const title = createWindowTitle(cwd, write);
  const settings = notifications ?? (() => ({ notifications: 'off', notifyAfterSeconds: 0 }) as const);
  const word = createNotifications({ settings, folder: cwd, tmux: environment.TMUX !== undefined, write });
  return {
    modes: {
      on() {
        title.forget();
        return keepTitle + focusReports.on;
      },
      off: () => focusReports.off + restoreTitle,
    },
    painted(screen) {
      // It would be read aloud in the middle of something else.
      if (screen.appearance?.spoken) return;
      title.show(screen);
      word.show(screen);
    },
    focused: word.focused,
    touched: () => word.touched(Date.now()),
  };
}
