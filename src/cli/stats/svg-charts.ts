import { sanitize } from '../../ui/sanitize.js';

/** One column or bar: what it is called, its parts from the baseline on, and its words. */
export interface Mark {
  readonly name: string;
  /** One value for each series; `null` is what nobody knows. */
  readonly values: readonly (number | null)[];
  readonly text: string;
}

const WIDTH = 900;
const HEIGHT = 220;
/** Room for the axes. */
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 10, 12, 28];
/** Room for the name of a day. */
const DAY = 80;
const ROW = 30;
const LABEL = 300;
const VALUE = 190;

/** Text as it stands in a page, whatever a model or a folder is called. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return sanitize(text).replace(/[&<>"]/g, (character) => entities[character]!);
}

/** Columns over time, their parts stacked. A value that nobody knows is a hollow column. */
export function columnChart(
  title: string,
  marks: readonly Mark[],
  axisText: (value: number) => string,
): string {
  const totals = marks.map(({ values }) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  const most = niceMost(Math.max(0, ...totals));
  const height = HEIGHT - TOP - BOTTOM;
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, marks.length);
  const size = Math.max(0.5, Math.min(40, step * 0.8));
  const y = (value: number) => TOP + height - (value / most) * height;
  const columns = marks.map(({ name, values, text }, index) => {
    const x = LEFT + step * index + (step - size) / 2;
    let below = 0;
    const parts = values.map((value, series) => {
      if (value === null) return rectangle('unknown', x, y(most * 0.06), size, height * 0.06);
      const part =
        value > 0 ? rectangle(`s${series}`, x, y(below + value), size, (value / most) * height) : '';
      below += value;
      return part;
    });
    return `<g>${parts.join('')}<title>${escapeHtml(`${name}: ${text}`)}</title></g>`;
  });
  const lines = [0, 0.5, 1].map((share) => {
    const at = y(most * share).toFixed(1);
    const label = `<text class="axis" x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${escapeHtml(axisText(most * share))}</text>`;
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>${label}`;
  });
  return svg(title, HEIGHT, [...lines, ...columns, ...dayLabels(marks, step)]);
}

/** A bar a row, with its name before it and its words behind it. */
export function barChart(title: string, marks: readonly Mark[]): string {
  const totals = marks.map(({ values }) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
  const most = Math.max(...totals) || 1;
  const room = WIDTH - LABEL - VALUE;
  const rows = marks.map(({ name, values, text }, row) => {
    let x = LABEL;
    const middle = row * ROW + ROW / 2;
    const parts = values.map((value, series) => {
      if (value === null) {
        x += 12;
        return rectangle('unknown', LABEL, row * ROW + 6, 12, ROW - 12);
      }
      const width = (value / most) * room;
      const part = value > 0 ? rectangle(`s${series}`, x, row * ROW + 6, Math.max(1, width), ROW - 12) : '';
      x += width;
      return part;
    });
    const label = `<text x="${LABEL - 10}" y="${middle}" dy="5" text-anchor="end">${escapeHtml(shortened(name))}</text>`;
    const words = `<text class="axis" x="${(x + 10).toFixed(1)}" y="${middle}" dy="5">${escapeHtml(text)}</text>`;
    return `<g>${label}${parts.join('')}${words}<title>${escapeHtml(`${name}: ${text}`)}</title></g>`;
  });
  return svg(title, Math.max(1, marks.length) * ROW, rows);
}

function svg(title: string, height: number, parts: readonly string[]): string {
  return `<div class="wide"><svg role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="${escapeHtml(title)}">${parts.join('')}</svg></div>`;
}

function rectangle(series: string, x: number, y: number, width: number, height: number): string {
  const at = [x, y, width, height].map((value) => value.toFixed(2));
  return `<rect class="${series}" x="${at[0]}" y="${at[1]}" width="${at[2]}" height="${at[3]}"/>`;
}

/** The name of every so many columns under them, of several days the first; the last is kept inside the picture. */
function dayLabels(marks: readonly Mark[], step: number): string[] {
  const every = Math.max(1, Math.ceil(marks.length / 8));
  return marks.flatMap(({ name }, index) => {
    if (index % every !== 0) return [];
    const x = Math.min(LEFT + step * (index + 0.5), WIDTH - DAY / 2);
    const day = escapeHtml(name.split(' ')[0]!);
    return `<text class="axis" x="${x.toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${day}</text>`;
  });
}

/** The next round number, where the axis ends. */
function niceMost(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8].find((one) => one * power >= value * 0.999_999) ?? 10);
}

/** What fits before a bar. The end of a path says more than its start. */
function shortened(name: string): string {
  const most = 38;
  const characters = [...name];
  if (characters.length <= most) return name;
  return name.startsWith('/')
    ? `…${characters.slice(1 - most).join('')}`
    : `${characters.slice(0, most - 1).join('')}…`;
}
