import { describe, expect, it } from 'vitest';
import { submitted } from '../../src/state.js';
import { usualAppearance } from '../../src/ui/appearance.js';
import { createManners } from '../../src/ui/manners.js';
import type { NotificationSettings } from '../../src/ui/notifications.js';
import type { ApprovalPrompt, Screen } from '../../src/ui/screen.js';
import { titleOf } from '../../src/ui/window-title.js';
import { blankScreen } from './programs/blank-screen.js';

const idle: Screen = blankScreen;
const running = (now: number): Screen => ({ ...idle, state: submitted(idle.state, 'x', 0), now });
const ended = (now: number): Screen => ({ ...idle, now });
const asking = (now: number): Screen => ({ ...running(now), approval: {} as ApprovalPrompt });

/** What is written in these frames, without titles. */
function written(
  screens: readonly Screen[],
  {
    settings = {},
    environment = {},
    spoken = false,
    focus,
  }: {
    settings?: Partial<NotificationSettings>;
    environment?: NodeJS.ProcessEnv;
    spoken?: boolean;
    focus?: boolean;
  } = {},
): string {
  let bytes = '';
  const manners = createManners({
    environment: { TERM: 'xterm', ...environment },
    spoken,
    cwd: '/work/my app',
    notifications: () => ({ notifications: 'osc9', notifyAfterSeconds: 30, ...settings }),
    write: (data) => {
      bytes += data;
    },
  });
  if (focus !== undefined) manners.focused(focus);
  for (const screen of screens) manners.painted(screen);
  return bytes.replace(/\u001b\]2;[^\u0007]*\u0007/g, '');
}

describe('word of a long turn', () => {
  const long = [running(0), running(31_000), ended(31_100)];

  it('goes to the terminal when the turn ends or asks, once', () => {
    expect(written(long)).toBe('\u001b]9;Victor has finished in my app\u0007');
    expect(written([running(0), asking(40_000), asking(41_000)])).toBe(
      '\u001b]9;Victor asks you in my app\u0007',
    );
  });

  it('is a bell where the user wants one, goes through tmux, and is nothing where it is off', () => {
    expect(written(long, { settings: { notifications: 'bell' } })).toBe('\u0007');
    expect(written(long, { environment: { TMUX: 'x' } })).toBe(
      '\u001bPtmux;\u001b\u001b]9;Victor has finished in my app\u0007\u001b\\',
    );
    expect(written(long, { settings: { notifications: 'off' } })).toBe('');
  });

  it.each([
    ['of a turn that was short', [running(0), running(29_000), ended(29_500)], undefined],
    ['to whoever looks at the terminal', long, true],
    ['when no turn ends', [idle, idle, ended(99_000)], undefined],
  ])('is not said %s', (_, screens, focus) => {
    expect(written(screens, focus === undefined ? {} : { focus })).toBe('');
  });

  it('is said to whoever has looked away', () => {
    expect(written(long, { focus: false })).not.toBe('');
  });

  it('is not said to whoever has just pressed a key', () => {
    let bytes = '';
    const manners = createManners({
      environment: { TERM: 'xterm' },
      cwd: '/w',
      notifications: () => ({ notifications: 'bell', notifyAfterSeconds: 30 }),
      write: (data) => {
        bytes += data;
      },
    });
    const now = Date.now();
    const since = { ...running(now), state: submitted(idle.state, 'x', now - 60_000) };
    manners.painted(since);
    manners.touched();
    manners.painted(ended(now + 100));
    expect(bytes.replace(/\u001b\]2;[^\u0007]*\u0007/g, '')).toBe('');
  });

  it.each([
    ['TERM=dumb', { TERM: 'dumb' }, false],
    ['no TERM', { TERM: undefined }, false],
    ['a screen reader', {}, true],
  ])('U12: nothing at all is written for %s', (_, environment, spoken) => {
    expect(written(long, { environment, spoken })).toBe('');
    const manners = createManners({
      environment: { TERM: 'xterm', ...environment },
      spoken,
      cwd: '/w',
      write: () => expect.unreachable(),
    });
    manners.painted(idle);
    expect(manners.modes.on() + manners.modes.off()).toBe('');
  });
});

it('U12: nothing is written for somebody who listens', () => {
  const spoken = { appearance: { ...usualAppearance, spoken: true } };
  const manners = createManners({
    environment: { TERM: 'xterm' },
    cwd: '/w',
    notifications: () => ({ notifications: 'bell', notifyAfterSeconds: 0 }),
    write: () => expect.unreachable(),
  });
  for (const screen of [running(0), ended(9_000)]) manners.painted({ ...screen, ...spoken });
});

describe('the title of the window', () => {
  it('says the folder, and whether Victor works or asks', () => {
    expect(titleOf(idle, '/work/app/')).toBe('app – victor');
    expect(titleOf(running(0), '/work/app')).toBe('… app – victor');
    expect(titleOf(asking(0), '/work/app')).toBe('? app – victor');
    expect(titleOf(idle, '/')).toBe('/ – victor');
  });

  it('E01: holds nothing that a terminal obeys, and is short', () => {
    const title = titleOf(idle, `/w/a\u001b]0;x\u0007\u202e${'b'.repeat(200)}`);
    expect(title).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(title.length).toBeLessThan(60);
  });

  it('is written when it changes, and again after somebody else had the terminal', () => {
    let bytes = '';
    const write = (data: string) => {
      bytes += data;
    };
    const manners = createManners({ environment: { TERM: 'xterm' }, cwd: '/app', write });
    const taken = manners.modes.on();
    for (const screen of [idle, idle, running(0), running(1)]) manners.painted(screen);
    expect(bytes).toBe('\u001b]2;app – victor\u0007\u001b]2;… app – victor\u0007');
    bytes = manners.modes.off() + manners.modes.on();
    manners.painted(running(2));
    expect(bytes).toBe(`\u001b[?1004l\u001b]2;\u0007\u001b[23;2t${taken}\u001b]2;… app – victor\u0007`);
    expect(taken).toBe('\u001b[22;2t\u001b[?1004h');
  });
});
