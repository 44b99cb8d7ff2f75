import { type ThemeName, themeNames } from '../core/theme-names.js';
import { usesUnicode } from '../core/unicode-locale.js';
import type { Background, ColourLevel } from './themes.js';

/** How a screen looks, whatever is on it. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly background: Background;
  readonly level: ColourLevel;
  /** The terminal may show nothing but ASCII: marks are made of it. */
  readonly ascii: boolean;
  /** Somebody listens: statuses are words, nothing moves by itself, nothing is drawn with lines. */
  readonly spoken: boolean;
}

export const usualAppearance: Appearance = {
  theme: 'ansi',
  background: 'dark',
  level: 3,
  ascii: false,
  spoken: false,
};

export interface AppearanceOptions {
  /** A theme, or `auto`. */
  readonly theme: string;
  readonly spoken: boolean;
  readonly level: ColourLevel;
  readonly environment: NodeJS.ProcessEnv;
  /** What the terminal said; `undefined` before, or where it says nothing. */
  readonly background: Background | undefined;
}

/** Without a known background the terminal's own colours are the ones that can be read. */
export function appearanceOf(options: AppearanceOptions): Appearance {
  const { theme, environment, background, level, spoken } = options;
  const chosen = themeNames.find((name) => name === theme);
  return {
    theme: chosen ?? background ?? 'ansi',
    background: background ?? 'dark',
    level,
    ascii: !usesUnicode(environment) || isSparse(environment.TERM),
    spoken,
  };
}

/** Whether the terminal can only print: nothing on it can be drawn again. */
export function onlyPrints({ TERM: terminal }: NodeJS.ProcessEnv): boolean {
  return terminal === 'dumb';
}

/** Terminals whose font has hardly more than ASCII. */
function isSparse(terminal: string | undefined): boolean {
  return terminal === 'linux' || terminal === 'dumb' || terminal === 'vt100';
}
