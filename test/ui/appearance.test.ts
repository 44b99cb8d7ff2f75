import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { appearanceOf } from '../../src/ui/appearance.js';
import { createAppearanceControl } from '../../src/ui/appearance-control.js';
import {
  backgroundFromEnvironment,
  backgroundInReply,
  backgroundQuery,
  canBeAsked,
} from '../../src/ui/background.js';
import { cells } from '../../src/ui/break-rows.js';
import { asciiMarks, withAsciiMarks } from '../../src/ui/glyphs.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { blankScreen } from './programs/blank-screen.js';
import { createFakePort } from './programs/fake-port.js';

const environment = { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' };
const look = (change: object = {}) =>
  appearanceOf({ theme: 'auto', spoken: false, level: 3, environment, background: undefined, ...change });

describe('the look of the screen', () => {
  it('auto goes by the background, and without one by the colours of the terminal', () => {
    expect(look({ background: 'light' }).theme).toBe('light');
    expect(look({ background: 'dark' }).theme).toBe('dark');
    expect(look().theme).toBe('ansi');
    expect(look({ theme: 'high-contrast', background: 'light' })).toMatchObject({
      theme: 'high-contrast',
      background: 'light',
    });
  });

  it.each([
    [{ LANG: 'C', TERM: 'xterm' }, true],
    [{ TERM: 'xterm' }, true],
    [{ LANG: 'de_DE.ISO-8859-1', TERM: 'xterm' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'dumb' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'xterm' }, false],
    [{ LANG: 'C', LC_ALL: 'C.utf8', TERM: 'xterm' }, false],
  ])('U12 has marks of ASCII in %j: %s', (given, ascii) => {
    expect(look({ environment: given }).ascii).toBe(ascii);
  });

  it('U12 every mark has a character of ASCII in as many cells, and what others wrote stays', () => {
    for (const [mark, plain] of Object.entries(asciiMarks)) {
      expect(plain).toMatch(/^[ -~]$/);
      expect(cells(plain), mark).toBe(cells(mark));
    }
    expect(withAsciiMarks('✓ Grüße · 漢字 …')).toBe('+ Grüße - 漢字 ~');
  });
});

describe('the background of the terminal', () => {
  it.each([
    ['15;0', 'dark'],
    ['0;15', 'light'],
    ['0;default;15', 'light'],
    ['7;8', 'dark'],
    ['0;7', 'light'],
    ['default', undefined],
    [undefined, undefined],
  ])('COLORFGBG %s says %s', (COLORFGBG, expected) => {
    expect(backgroundFromEnvironment({ COLORFGBG })).toBe(expected);
  });

  it.each([
    ['11;rgb:ffff/ffff/ffff', 'light'],
    ['11;rgb:1e1e/1e1e/2e2e', 'dark'],
    ['11;rgb:fd/f6/e3', 'light'],
    ['11;rgba:0000/0000/0000/ffff', 'dark'],
    ['11;rgb:f/f/f', 'light'],
    ['10;rgb:ffff/ffff/ffff', undefined],
    ['11;?', undefined],
    ['11;rgb:ffff/ffff', undefined],
  ])('the answer %s says %s', (reply, expected) => {
    expect(backgroundInReply(reply)).toBe(expected);
  });

  it('is not asked of a terminal that could show the question', () => {
    for (const TERM of ['dumb', 'linux', 'vt100', 'screen', undefined])
      expect(canBeAsked({ TERM })).toBe(false);
    for (const TERM of ['xterm-256color', 'tmux-256color', 'xterm-kitty'])
      expect(canBeAsked({ TERM })).toBe(true);
  });
});

describe('the look while the chat runs', () => {
  function start(given: NodeJS.ProcessEnv = environment, level: 0 | 3 = 3) {
    const written: string[] = [];
    const rows: Record<string, unknown> = { theme: 'auto', screenReader: false };
    const listeners: ((event: VictorEvent) => void)[] = [];
    const port = {
      ...createFakePort({ act: async () => {} }),
      settingRows: () =>
        Object.entries(rows).map(([key, value]) => ({ key, value, origin: { layer: 'user' as const } })),
      subscribe: (listener: (event: VictorEvent) => void) => {
        listeners.push(listener);
        return () => {};
      },
    };
    const control = createAppearanceControl({
      port,
      environment: given,
      level,
      write: (text) => written.push(text),
    });
    const store = createScreenStore({
      initial: { ...blankScreen, appearance: control.first },
      paint: () => {},
    });
    control.attach(store);
    const save = (key: string, value: unknown) => {
      rows[key] = value;
      for (const listener of listeners) listener({ type: 'config-change', key } as VictorEvent);
    };
    return { control, store, written, save, themes: control.themes(undefined) };
  }

  it('is there before the terminal has answered, and follows its answer', () => {
    const { control, store, written } = start();
    expect(store.screen.appearance?.theme).toBe('ansi');
    control.ask();
    expect(written).toEqual([backgroundQuery]);
    expect(control.awaitsReply).toBe(true);
    control.onReply('10;rgb:0/0/0');
    control.onReply('11;rgb:ffff/ffff/ffff');
    expect(control.awaitsReply).toBe(false);
    expect(store.screen.appearance).toMatchObject({ theme: 'light', background: 'light' });
    store.stop();
  });

  it('asks nothing where the environment says it, and nothing without colours', () => {
    const known = start({ ...environment, COLORFGBG: '0;15' });
    known.control.ask();
    const colourless = start(environment, 0);
    colourless.control.ask();
    expect([known.written, colourless.written]).toEqual([[], []]);
    expect(known.store.screen.appearance?.theme).toBe('light');
    // What nobody asked for changes nothing.
    colourless.control.onReply('11;rgb:ffff/ffff/ffff');
    expect(colourless.store.screen.appearance?.theme).toBe('ansi');
    known.store.stop();
    colourless.store.stop();
  });

  it('changes with /theme and with saved settings', () => {
    const { store, save, themes } = start();
    themes.show('colour-blind');
    expect(store.screen.appearance?.theme).toBe('colour-blind');
    save('theme', 'dark');
    expect(store.screen.appearance?.theme).toBe('dark');
    expect(themes.setting).toBe('dark');
    save('screenReader', true);
    expect(store.screen.appearance?.spoken).toBe(true);
    store.stop();
  });
});
