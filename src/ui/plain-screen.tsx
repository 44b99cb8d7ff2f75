import { renderToString } from 'ink';
import type { ReactElement } from 'react';
import { usualAppearance } from './appearance.js';
import { AppearanceContext } from './appearance-context.js';
import { BlockView } from './components/block-view.js';
import { Boundary } from './components/boundary.js';
import { Rows } from './components/rows.js';
import { displayable } from './displayable.js';
import { layoutFrame, typedText } from './frame.js';
import { heartbeat } from './heartbeat.js';
import type { InkScreen, InkScreenOptions } from './ink-screen.js';
import { shownText } from './input/shown-text.js';
import { type Menu, openMenu } from './menu/menu.js';
import { menuRows } from './menu/menu-rows.js';
import { echoOf, lineAnew, type PlainLine } from './plain-line.js';
import type { PrintedBlock, Screen } from './screen.js';
import type { Span } from './spans.js';

type SpanRows = readonly (readonly Span[])[];

const prompt = '> ';

/**
 * The chat for those who listen, and for terminals that only print: whatever is new is printed below, nothing is ever
 * drawn again, and what is typed is echoed character by character.
 */
export function createPlainScreen({ stdout, onError, onFault }: Omit<InkScreenOptions, 'stdin'>): InkScreen {
  /** The input as it stands on the last line; absent while the cursor is at the start of an empty one. */
  let line: PlainLine | undefined;
  let printed = -1;
  let menu: Menu | undefined;
  /** What was said last of what may change: it is said again only when it is something else. */
  const said = new Map<string, string>();
  const columns = () => stdout.columns || 80;
  /** What was sent and stands above as it was typed, while nothing was printed since. */
  let echoed: string | undefined;

  function draw(screen: Screen): void {
    try {
      if (line && wasSent(line.text, screen)) {
        write('\n');
        echoed = line.text;
        line = undefined;
      }
      const text = newBlocks(screen) + newRows(screen);
      const wanted = lineOf(screen);
      if (text !== '') {
        write((line ? '\n' : '') + text);
        line = undefined;
        echoed = undefined;
      }
      // The answer to what was just sent comes first.
      if (echoed === undefined || wanted?.text !== '') writeLine(wanted);
    } catch (error) {
      onError(error);
    }
  }

  function newBlocks(screen: Screen): string {
    const { number, blocks } = screen.print;
    if (number === printed) return '';
    printed = number;
    return blocks
      .filter((block, index) => index > 0 || !isEchoed(block, screen))
      .map((block) => {
        const view = <BlockView block={block} columns={screen.columns} />;
        const contained = (
          <Boundary columns={screen.columns} onFault={onFault}>
            {view}
          </Boundary>
        );
        return paint(contained, screen);
      })
      .join('');
  }

  /** Whoever listens is told what was sent; for all others it stands there. */
  function isEchoed(block: PrintedBlock, { appearance }: Screen): boolean {
    if (block.kind !== 'user' || block.attached || appearance?.spoken) return false;
    return echoed !== undefined && displayable(block.text) === echoed;
  }

  function newRows(screen: Screen): string {
    const appearance = { ...(screen.appearance ?? usualAppearance), spoken: true };
    // There is always more above: the height of the terminal is no bound.
    const frame = layoutFrame({ ...screen, rows: 1_000, appearance });
    const { mode, provider, model } = screen.state.footer;
    const marked = newlyMarked(screen);
    const status = frame.status.slice(-1);
    const { hint } = screen;
    const alive = heartbeat(screen);
    return [
      once('question', frame.approval, screen),
      marked ? `${paint(<Rows rows={menuRows(marked, screen.columns, 1)} />, screen).trim()}\n` : '',
      once('queued', frame.queued, screen),
      // The first word of a turn, and a fault that it waits for, are news; that it goes on is not.
      once('turn', isUnderWay(screen) ? frame.activity : [], screen, activityKey(screen)),
      once('running', alive ? [[{ text: alive.text, style: 'dim' }]] : [], screen, alive?.key),
      once('hint', hint === '' ? [] : [[{ text: hint, style: 'dim' }]], screen),
      once('status', status, screen, `${mode} ${provider} ${model}`),
    ].join('');
  }

  /** A menu that opens and closes with each key says nothing; which item is marked in it does. */
  function newlyMarked(screen: Screen): Menu | undefined {
    const before = menu;
    menu = openMenu(screen);
    return menu && before?.of === menu.of && before.selected !== menu.selected ? menu : undefined;
  }

  function once(name: string, rows: SpanRows, screen: Screen, key?: string): string {
    const isEmpty = rows.every((row) => row.length === 0);
    const text = isEmpty ? '' : `${paint(<Rows rows={rows} />, screen).trim()}\n`;
    const now = text === '' ? '' : (key ?? text);
    if (said.get(name) === now) return '';
    said.set(name, now);
    return text;
  }

  function writeLine(wanted: PlainLine | undefined): void {
    if (!wanted) {
      if (line) write('\n');
      line = undefined;
    } else if (!line) write(lineAnew(wanted, prompt));
    else write(echoOf(line, wanted, columns() - prompt.length - 1) ?? `\n${lineAnew(wanted, prompt)}`);
    line = wanted;
  }

  function write(text: string): void {
    if (text !== '' && !stdout.destroyed && !stdout.writableEnded) stdout.write(text);
  }

  return {
    get columns() {
      return columns();
    },
    draw,
    redraw(screen) {
      write('\n');
      line = undefined;
      said.clear();
      draw(screen);
    },
    release() {
      if (line) write('\n');
      line = undefined;
      return () => {};
    },
    end() {
      if (line) write('\n');
    },
  };
}

/** Rows as text with a line end, without the space at the ends of its lines. */
function paint(element: ReactElement, { columns, appearance = usualAppearance }: Screen): string {
  const whole = <AppearanceContext value={appearance}>{element}</AppearanceContext>;
  const text = renderToString(whole, { columns }).replace(/ +$/gm, '');
  return `${text}\n`;
}

/** While a turn runs an empty input is none: whatever comes is printed without a prompt in between. */
function lineOf(screen: Screen): PlainLine | undefined {
  const typed = typedText(screen);
  if (!typed || (screen.state.turn.running && typed.text === '')) return undefined;
  const shown = (part: string) => displayable(shownText(part, typed.pastes));
  return { text: shown(typed.text), cursor: shown(typed.text.slice(0, typed.cursor)).length };
}

/** Whether this text left the input because it was sent, and not because it was deleted, which could be undone. */
function wasSent(text: string, { approval, choice, search, input }: Screen): boolean {
  if (text === '' || approval || choice || search || input.text !== '') return false;
  const { undo, redo, history } = input;
  return undo.length === 0 && redo.length === 0 && displayable(history.at(-1) ?? '') === text;
}

/** A message that is being sent is not yet said; with its turn it is. */
function isUnderWay({ state: { turn } }: Screen): boolean {
  return turn.running && turn.sending === undefined;
}

function activityKey({ state: { turn } }: Screen): string {
  return turn.activity === 'retrying' ? turn.detail : 'running';
}
