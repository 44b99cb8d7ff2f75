import { throughTmux } from './clipboard-ways.js';
import { oneLine } from './displayable.js';
import type { Screen } from './screen.js';

export interface NotificationSettings {
  readonly notifications: 'off' | 'bell' | 'osc9';
  /** Seconds that a turn must have run. */
  readonly notifyAfterSeconds: number;
}

/** Asks the terminal to tell when it gets and loses the focus. */
export const focusReports = { on: '\u001b[?1004h', off: '\u001b[?1004l' } as const;

type Seen = Pick<Screen, 'state' | 'approval' | 'now'>;

/** What there is to say between two frames to somebody who looks elsewhere: a long turn has ended, or asks. */
function occasion(before: Seen, after: Seen, afterSeconds: number): 'ended' | 'asks' | undefined {
  const { turn } = before.state;
  if (!turn.running || after.now - turn.startedAt < afterSeconds * 1_000) return undefined;
  if (!after.state.turn.running) return 'ended';
  return after.approval && !before.approval ? 'asks' : undefined;
}

/** The bytes that tell it. */
function notification(
  what: 'ended' | 'asks',
  how: 'bell' | 'osc9',
  { folder, tmux }: { readonly folder: string; readonly tmux: boolean },
): string {
  if (how === 'bell') return '\u0007';
  const name = oneLine(folder.replace(/^.*\//, ''));
  const text = what === 'ended' ? `Victor has finished in ${name}` : `Victor asks you in ${name}`;
  const sequence = `\u001b]9;${text}\u0007`;
  return tmux ? throughTmux(sequence) : sequence;
}

export interface NotificationsOptions {
  settings(): NotificationSettings;
  readonly folder: string;
  readonly tmux: boolean;
  write(data: string): void;
}

export interface Notifications {
  /** After each frame. */
  show(screen: Seen): void;
  /** The terminal says so; as long as it says nothing, nobody is taken to look. */
  focused(hasFocus: boolean): void;
  /** A key was pressed, in milliseconds since 1970: somebody is there. */
  touched(at: number): void;
}

/** Whoever pressed a key just now needs no word of it. */
const PRESENT_MS = 5_000;

export function createNotifications({ settings, folder, tmux, write }: NotificationsOptions): Notifications {
  let before: Seen | undefined;
  let hasFocus = false;
  let touchedAt = Number.NEGATIVE_INFINITY;
  return {
    show(screen) {
      const last = before;
      before = screen;
      if (!last?.state.turn.running || hasFocus) return;
      const { notifications, notifyAfterSeconds } = settings();
      const what = occasion(last, screen, notifyAfterSeconds);
      const isPresent = screen.now - touchedAt < Math.min(PRESENT_MS, notifyAfterSeconds * 1_000);
      if (!what || isPresent || notifications === 'off') return;
      write(notification(what, notifications, { folder, tmux }));
    },
    focused(now) {
      hasFocus = now;
    },
    touched(at) {
      touchedAt = at;
    },
  };
}
