/** The colours that a chat can have; `auto` is one of them by the background of the terminal. */
export const themeNames = ['dark', 'light', 'ansi', 'high-contrast', 'colour-blind'] as const;
export type ThemeName = (typeof themeNames)[number];
