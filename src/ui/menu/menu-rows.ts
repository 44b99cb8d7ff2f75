import { cells } from '../break-rows.js';
import { clip, oneLine } from '../displayable.js';
import { graphemes } from '../graphemes.js';
import { clipSpans, type Span } from '../spans.js';
import type { Menu, MenuItem } from './menu.js';

const mostRows = 8;
/** Cells before a name. */
const margin = 4;
/** Cells of the first column, so that one long name does not push all descriptions away. */
const widestName = 40;

/** The menu in at most `most` rows with the marked item among them. */
export function menuRows(menu: Menu, columns: number, most: number): Span[][] {
  const room = Math.min(mostRows, most);
  if (room < 1) return [];
  const { items, selected, note } = menu;
  if (items.length === 0)
    return note === undefined ? [] : [[{ text: clip(`    ${note}`, columns), style: 'dim' }]];
  const first = Math.max(0, Math.min(selected - Math.floor(room / 2), items.length - room));
  const seen = items.slice(first, first + room);
  const names = seen.map((item) => nameOf(item, columns - margin));
  const width = Math.min(widestName, Math.max(...names.map(cells)));
  return seen.map((item, index) => {
    const isMarked = first + index === selected;
    const name = names[index]!;
    const gap = ' '.repeat(Math.max(0, width - cells(name)) + 2);
    const described = item.describe === undefined ? '' : gap + oneLine(item.describe);
    const row: Span[] = [
      { text: isMarked ? '  ❯ ' : '    ', style: 'accent' },
      { text: name, style: isMarked ? 'bold' : 'plain' },
      { text: described, style: 'dim' },
    ];
    return clipSpans(row, columns);
  });
}

function nameOf({ label, argument, describe }: MenuItem, columns: number): string {
  const name = oneLine(argument === undefined ? label : `${label} ${argument}`);
  return describe === undefined ? clipStart(name, columns) : name;
}

/** The end of a name that stands alone: of a path it tells most. */
function clipStart(text: string, columns: number): string {
  if (cells(text) <= columns || columns < 2) return text;
  let kept = '';
  for (const character of [...graphemes(text)].reverse()) {
    if (cells(character + kept) > columns - 1) break;
    kept = character + kept;
  }
  return `…${kept}`;
}
