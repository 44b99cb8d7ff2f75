import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import chalk from 'chalk';
import type { Screen } from '../../../src/ui/screen.js';
import { createStage, type Size, type Stage } from './stage.js';

/** What a scene looks like on a terminal. */
export interface Drawn {
  readonly screen: Screen;
  /** Everything that was written. */
  readonly bytes: string;
  /** Visible rows, without trailing spaces. */
  readonly rows: readonly string[];
  /** The same with what is coloured marked. */
  readonly styled: readonly string[];
  /** Every row since the start, scrollback included. */
  readonly history: readonly string[];
  /** Rows that the terminal had to break because they were too long. */
  readonly broken: readonly string[];
  readonly cursor: { readonly column: number; readonly row: number; readonly visible: boolean };
}

/** Plays the scene through the real screen onto a terminal without a window. */
export async function draw(scene: Scene, size: Size, colour: boolean): Promise<Drawn> {
  // Ink draws nothing before its end where it believes that nobody looks.
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  const { createInkScreen } = await import('../../../src/ui/ink-screen.js');
  const stdout = new WrittenStream(size);
  // Other files of tests share this instance.
  const { level } = chalk;
  chalk.level = colour ? 3 : 0;
  const ink = createInkScreen({
    stdin: process.stdin,
    stdout: stdout as unknown as NodeJS.WriteStream,
    onError(error) {
      throw error;
    },
  });
  const stage = createStage(size, ink.draw);
  stage.store.paint();
  await scene(stage);
  // What is streamed is drawn with the next flush: here at once.
  for (let frame = 0; frame < 3; frame += 1) {
    await new Promise(setImmediate);
    stage.store.paint();
  }
  const { bytes } = stdout;
  const drawn = await onTerminal(bytes, size);
  const { screen } = stage.store;
  stage.store.stop();
  ink.end();
  chalk.level = level;
  return { ...drawn, bytes, screen };
}

export type Scene = (stage: Stage) => void | Promise<void>;

class WrittenStream extends EventEmitter {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  bytes = '';

  constructor({ columns, rows }: Size) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.bytes += text;
    return true;
  }
}

async function onTerminal(bytes: string, { columns, rows }: Size): Promise<Omit<Drawn, 'bytes' | 'screen'>> {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(bytes.replaceAll('\n', '\r\n'), resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, index) => active.getLine(index)!);
  const history = lines.map((line) => line.translateToString(true).trimEnd());
  const visible = lines.slice(active.baseY);
  return {
    rows: history.slice(active.baseY),
    styled: visible.map(styledRow),
    history,
    broken: history.filter((_, index) => lines[index]!.isWrapped),
    cursor: {
      column: active.cursorX,
      row: active.cursorY,
      visible: bytes.lastIndexOf('\u001b[?25h') > bytes.lastIndexOf('\u001b[?25l'),
    },
  };
}

/** `⟦bold yellow⟧text⟦⟧`: a row whose styles can be read. */
function styledRow(line: xterm.IBufferLine): string {
  let row = '';
  let style = '';
  for (let column = 0; column < line.length; column += 1) {
    const cell = line.getCell(column)!;
    if (cell.getWidth() === 0) continue;
    const text = cell.getChars() || ' ';
    const now = text === ' ' && !cell.isInverse() && !cell.isUnderline() ? style : styleOf(cell);
    if (now !== style) row += `⟦${now}⟧`;
    style = now;
    row += text;
  }
  const trimmed = row.trimEnd();
  return style === '' ? trimmed : `${trimmed}⟦⟧`;
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

function styleOf(cell: xterm.IBufferCell): string {
  const colour = (value: number, palette: boolean, rgb: boolean, where: string) => {
    if (palette) return `${where}${names[value] ?? value}`;
    return rgb ? `${where}#${value.toString(16).padStart(6, '0')}` : '';
  };
  return [
    cell.isBold() ? 'bold' : '',
    cell.isDim() ? 'dim' : '',
    cell.isItalic() ? 'italic' : '',
    cell.isUnderline() ? 'underline' : '',
    cell.isStrikethrough() ? 'struck' : '',
    cell.isInverse() ? 'inverse' : '',
    colour(cell.getFgColor(), cell.isFgPalette(), cell.isFgRGB(), ''),
    colour(cell.getBgColor(), cell.isBgPalette(), cell.isBgRGB(), 'on '),
  ]
    .filter((part) => part !== '')
    .join(' ');
}
