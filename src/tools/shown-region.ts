import { cutLine, modelText } from './model-text.js';
import type { Region } from './nearest-region.js';

const MAX_LINES_SHOWN = 30;
const MAX_LINE_CHARACTERS = 300;

/** Lines of a file as a model reads them, with their numbers where these are known; a long piece is cut. */
export function shownRegion({
  line,
  lines,
}: { readonly line: Region['line'] | undefined } & Pick<Region, 'lines'>): string {
  const shown = lines.slice(0, MAX_LINES_SHOWN).map((text, index) => {
    const number = line === undefined ? '' : `${line + index}\t`;
    return `${number}${cutLine(modelText(text), MAX_LINE_CHARACTERS)}`;
  });
  if (lines.length > shown.length) shown.push(`[${lines.length - shown.length} more lines]`);
  return shown.join('\n');
}
