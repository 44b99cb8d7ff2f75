import xterm from '@xterm/headless';

/** The sixteen named colours, as a dark terminal shows them. */
const palette = [
  ...['#1e2127', '#e06c75', '#98c379', '#d19a66', '#61afef', '#c678dd', '#56b6c2', '#abb2bf'],
  ...['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#ffffff'],
];
const foreground = '#d7dae0';
const background = '#16181d';
/** Browsers drop other spaces at both ends of a text, whatever `xml:space` says. */
const hardSpace = '\u00a0';
const cell = { width: 8.4, height: 18 };

type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<xterm.Terminal['buffer']['active']['getLine']>>['getCell']>
>;

/** Draws what a program wrote to a terminal, scrollback included, as a self-contained SVG; `title` says it in words. */
export async function screenToSvg(
  title: string,
  bytes: Uint8Array,
  columns: number,
  rows: number,
): Promise<string> {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(bytes, done));
  const buffer = terminal.buffer.active;
  const lines: string[] = [];
  for (let row = 0; row < buffer.length; row++)
    lines.push(drawRow(buffer.getLine(row)!, columns, lines.length));
  while (lines.at(-1) === '') lines.pop();
  const width = Math.ceil(columns * cell.width + 24);
  const height = lines.length * cell.height + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeText(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="${foreground}">
${lines.filter((line) => line !== '').join('\n')}
</g>
</svg>
`;
}

type Line = NonNullable<ReturnType<xterm.Terminal['buffer']['active']['getLine']>>;

/** One row: a text element for each run of cells that look alike. */
function drawRow(line: Line, columns: number, row: number): string {
  const parts: string[] = [];
  let run: { start: number; text: string; style: string; inverse: string } | undefined;
  // Browsers leave out spaces at the ends of a text, and stretch the rest to its length.
  const flush = () => {
    if (run && (run.text.trim() !== '' || run.style.includes('fill'))) {
      const x = (12 + run.start * cell.width).toFixed(1);
      const length = (run.text.length * cell.width).toFixed(1);
      const y = 12 + (row + 1) * cell.height - 5;
      if (run.inverse)
        parts.push(
          `<rect x="${x}" y="${y - cell.height + 5}" width="${length}" height="${cell.height}"${run.inverse}/>`,
        );
      parts.push(
        `<text x="${x}" y="${y}" textLength="${length}"${run.style}>${escapeText(run.text.replaceAll(' ', hardSpace))}</text>`,
      );
    }
    run = undefined;
  };
  for (let column = 0; column < columns; column++) {
    const one = line.getCell(column);
    const characters = one?.getChars() || ' ';
    const style = one ? styleOf(one) : '';
    if (run && (run.style !== style || characters.length > 1)) flush();
    run ??= { start: column, text: '', style, inverse: one?.isInverse() ? ` fill="${colourOf(one)}"` : '' };
    run.text += characters;
  }
  if (run) run.text = run.text.trimEnd();
  flush();
  return parts.join('');
}

function colourOf(one: Cell): string {
  const colour = one.isFgRGB()
    ? `#${one.getFgColor().toString(16).padStart(6, '0')}`
    : one.isFgPalette()
      ? palette[one.getFgColor()]
      : undefined;
  return colour ?? foreground;
}

function styleOf(one: Cell): string {
  const fill = one.isInverse() ? background : colourOf(one);
  return [
    fill !== foreground ? ` fill="${fill}"` : '',
    one.isBold() ? ' font-weight="bold"' : '',
    one.isDim() ? ' opacity="0.6"' : '',
    one.isItalic() ? ' font-style="italic"' : '',
  ].join('');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
