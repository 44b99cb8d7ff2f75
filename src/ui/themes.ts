import type { ThemeName } from '../core/theme-names.js';
import type { SpanStyle } from './spans.js';

export type Background = 'dark' | 'light';

/** 0 for no colours, then 16, 256 or all of them. */
export type ColourLevel = 0 | 1 | 2 | 3;

/** How a run of text is painted. */
export interface TextStyle {
  readonly color?: string;
  readonly bold?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strikethrough?: true;
  readonly dimColor?: true;
  readonly inverse?: true;
}

/** A colour as it is, and the one of the terminal's sixteen that stands for it. */
type Colour = readonly [exact: string, ofSixteen: string];
type Coloured = Exclude<
  SpanStyle,
  'plain' | 'bold' | 'italic' | 'link' | 'struck' | 'dim' | 'addedWord' | 'removedWord'
>;
type Palette = Readonly<Record<Coloured, Colour>>;

const dark: Palette = {
  code: ['#56c2d6', 'cyan'],
  added: ['#7ec07e', 'green'],
  removed: ['#f08080', 'red'],
  accent: ['#e5c07b', 'yellow'],
  keyword: ['#c792ea', 'magenta'],
  string: ['#98c379', 'green'],
  number: ['#d8a26c', 'yellow'],
  comment: ['#8b949e', 'gray'],
  function: ['#6cb6ff', 'blueBright'],
  type: ['#56c2d6', 'cyan'],
  property: ['#9ecbff', 'cyan'],
};

const light: Palette = {
  code: ['#0b6b7d', 'cyan'],
  added: ['#1a6b2d', 'green'],
  removed: ['#b3261e', 'red'],
  accent: ['#7a5200', 'magenta'],
  keyword: ['#7b2cbf', 'magenta'],
  string: ['#1a6b2d', 'green'],
  number: ['#8a4600', 'red'],
  comment: ['#5f6b76', 'gray'],
  function: ['#0550ae', 'blue'],
  type: ['#0b6b7d', 'cyan'],
  property: ['#0550ae', 'blue'],
};

/** The terminal's own sixteen, which its user has chosen to be readable. */
const ansi: Palette = {
  code: ['cyan', 'cyan'],
  added: ['green', 'green'],
  removed: ['red', 'red'],
  accent: ['yellow', 'yellow'],
  keyword: ['magenta', 'magenta'],
  string: ['green', 'green'],
  number: ['yellow', 'yellow'],
  comment: ['gray', 'gray'],
  function: ['blue', 'blue'],
  type: ['cyan', 'cyan'],
  property: ['cyan', 'cyan'],
};

const brightOnBlack: Palette = {
  code: ['#7ff0ff', 'cyanBright'],
  added: ['#8cff8c', 'greenBright'],
  removed: ['#ffb3b3', 'redBright'],
  accent: ['#ffe45c', 'yellowBright'],
  keyword: ['#ffb3ff', 'magentaBright'],
  string: ['#8cff8c', 'greenBright'],
  number: ['#ffe45c', 'yellowBright'],
  comment: ['#d0d0d0', 'white'],
  function: ['#a8d4ff', 'cyanBright'],
  type: ['#7ff0ff', 'cyanBright'],
  property: ['#a8d4ff', 'cyanBright'],
};

const darkOnWhite: Palette = {
  code: ['#004a59', 'blue'],
  added: ['#004d00', 'green'],
  removed: ['#8b0000', 'red'],
  accent: ['#5c3a00', 'magenta'],
  keyword: ['#4b0082', 'magenta'],
  string: ['#004d00', 'green'],
  number: ['#6b2d00', 'red'],
  comment: ['#404040', 'black'],
  function: ['#00337f', 'blue'],
  type: ['#004a59', 'blue'],
  property: ['#00337f', 'blue'],
};

/** Blue and orange, which everybody tells apart; nothing is said by red against green. */
const blueAndOrange: Readonly<Record<Background, Palette>> = {
  dark: {
    ...dark,
    added: ['#6cb6ff', 'blueBright'],
    removed: ['#f0a030', 'yellow'],
    accent: ['#f0e442', 'yellowBright'],
    string: ['#56b4e9', 'cyan'],
    number: ['#f0a030', 'yellow'],
    keyword: ['#d9a0c0', 'magenta'],
  },
  light: {
    ...light,
    added: ['#0550ae', 'blue'],
    removed: ['#9a4a00', 'magenta'],
    accent: ['#6b4b00', 'black'],
    string: ['#005f8a', 'cyan'],
    number: ['#9a4a00', 'magenta'],
    keyword: ['#8a3a6b', 'magenta'],
  },
};

const palettes: Readonly<Record<ThemeName, Readonly<Record<Background, Palette>>>> = {
  dark: { dark, light: dark },
  light: { dark: light, light },
  ansi: { dark: ansi, light: ansi },
  'high-contrast': { dark: brightOnBlack, light: darkOnWhite },
  'colour-blind': blueAndOrange,
};

export type Styles = Readonly<Record<SpanStyle, TextStyle>>;

/** How each style is painted. Without colours everything is plain: chalk leaves bold and the like out too. */
export function stylesOf(theme: ThemeName, background: Background, level: ColourLevel): Styles {
  const palette = palettes[theme][background];
  const exact = level >= 2 ? 0 : 1;
  const color = (name: Coloured): TextStyle => (level === 0 ? {} : { color: palette[name][exact] });
  // Faint text is what people with low vision cannot read.
  const faint: TextStyle = theme === 'high-contrast' ? {} : { dimColor: true };
  const isAnsi = theme === 'ansi';
  return {
    plain: {},
    bold: { bold: true },
    italic: { italic: true },
    code: color('code'),
    link: { underline: true },
    struck: { ...faint, strikethrough: true },
    dim: faint,
    added: color('added'),
    removed: color('removed'),
    addedWord: { ...color('added'), inverse: true },
    removedWord: { ...color('removed'), inverse: true },
    accent: { ...color('accent'), bold: true },
    keyword: color('keyword'),
    string: color('string'),
    number: color('number'),
    comment: isAnsi ? faint : color('comment'),
    function: color('function'),
    type: color('type'),
    property: color('property'),
  };
}
