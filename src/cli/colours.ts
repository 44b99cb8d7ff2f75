type Paint = (text: string) => string;

export interface Colours {
  readonly dim: Paint;
  readonly green: Paint;
  readonly red: Paint;
}

const plain: Paint = (text) => text;
export const noColours: Colours = { dim: plain, green: plain, red: plain };

/**
 * Colours for one stream: as the terminal can, unless the user said otherwise. FORCE_COLOR (0 to 3) decides
 * alone; then NO_COLOR and TERM=dumb mean none, and so does a pipe or a file. Where there are none, chalk
 * is not even loaded.
 */
export async function colours(environment: NodeJS.ProcessEnv, isTerminal: boolean): Promise<Colours> {
  const level = colourLevel(environment, isTerminal);
  if (level === 0) return noColours;
  const { Chalk } = await import('chalk');
  return new Chalk({ level });
}

/** 0 for none, then 16, 256 or all colours. */
export function colourLevel(environment: NodeJS.ProcessEnv, isTerminal: boolean): 0 | 1 | 2 | 3 {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: term, COLORTERM: depth } = environment;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '2' ? 2 : forced === '3' ? 3 : 1;
  }
  if (!isTerminal || refused || term === 'dumb') return 0;
  if (depth === 'truecolor' || depth === '24bit') return 3;
  return term?.includes('256') ? 2 : 1;
}
