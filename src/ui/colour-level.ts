import chalk from 'chalk';
import type { ColourLevel } from './themes.js';

/** The colours that the terminal has and the user wants. Ink paints through chalk, which does not look at NO_COLOR by itself. */
export function colourLevelOf(environment: NodeJS.ProcessEnv): ColourLevel {
  if (environment.NO_COLOR && environment.FORCE_COLOR === undefined) chalk.level = 0;
  return chalk.level;
}
