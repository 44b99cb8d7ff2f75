import { describe, expect, it } from 'vitest';
import { themeNames } from '../../src/core/theme-names.js';
import { type Background, stylesOf, type TextStyle } from '../../src/ui/themes.js';

/** The contrast of two colours as WCAG 2 reckons it, 1 to 21. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const colours = (styles: Readonly<Record<string, TextStyle>>) =>
  Object.entries(styles).flatMap(([name, { color }]) =>
    color === undefined ? [] : [[name, color] as const],
  );
/** What terminals of either kind have as their backgrounds. */
const backgrounds: Readonly<Record<Background, readonly string[]>> = {
  dark: ['#000000', '#1e1e1e'],
  light: ['#ffffff', '#fafafa'],
};
const sixteen = /^(black|red|green|yellow|blue|magenta|cyan|white|gray)(Bright)?$/;

describe('the themes', () => {
  it.each([
    ['dark', 'dark', 4.5],
    ['light', 'light', 4.5],
    ['colour-blind', 'dark', 4.5],
    ['colour-blind', 'light', 4.5],
    ['high-contrast', 'dark', 9],
    ['high-contrast', 'light', 8],
  ] as const)('%s can be read on a %s background', (theme, background, least) => {
    for (const [name, colour] of colours(stylesOf(theme, background, 3))) {
      for (const behind of backgrounds[background])
        expect(contrast(colour, behind), `${name} on ${behind}`).toBeGreaterThan(least);
    }
  });

  it.each(themeNames)('U12 %s has nothing but the sixteen colours where there are no more', (theme) => {
    for (const background of ['dark', 'light'] as const) {
      for (const [, colour] of colours(stylesOf(theme, background, 1))) expect(colour).toMatch(sixteen);
    }
    for (const [, colour] of colours(stylesOf('ansi', 'dark', 3))) expect(colour).toMatch(sixteen);
  });

  it.each(themeNames)('U12 %s has no colour where there is none', (theme) => {
    expect(colours(stylesOf(theme, 'dark', 0))).toEqual([]);
  });

  it('colour-blind does not tell added from removed by red and green, at any number of colours', () => {
    for (const background of ['dark', 'light'] as const) {
      const { added, removed } = stylesOf('colour-blind', background, 1);
      expect([added.color, removed.color].filter((color) => /red|green/.test(color ?? ''))).toEqual([]);
      const exact = stylesOf('colour-blind', background, 3);
      const blueness = (colour = '#000000') =>
        Number.parseInt(colour.slice(5), 16) - Number.parseInt(colour.slice(1, 3), 16);
      // Blue against orange is a difference along the axis that all but a few see.
      expect(blueness(exact.added.color)).toBeGreaterThan(60);
      expect(blueness(exact.removed.color)).toBeLessThan(-60);
    }
  });

  it('high-contrast has nothing faint', () => {
    expect(Object.values(stylesOf('high-contrast', 'dark', 3)).filter(({ dimColor }) => dimColor)).toEqual(
      [],
    );
  });
});
