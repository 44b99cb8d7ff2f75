import type { LiveText } from '../live-text.js';
import type { Activity, BlockKind, State } from '../state.js';
import { approvalRows } from './approval-rows.js';
import { cells } from './break-rows.js';
import { choiceRows } from './choice-rows.js';
import { clip, displayable, duration, oneLine, widest } from './displayable.js';
import type { TypedText } from './input/rows-around.js';
import { markdownRows } from './markdown/rows.js';
import { openMenu } from './menu/menu.js';
import { menuRows } from './menu/menu-rows.js';
import { outputCounts, outputRows } from './running-output.js';
import type { Screen } from './screen.js';
import { searchKeys, searchRows } from './search-rows.js';
import { breakSpans, plainText, type Span } from './spans.js';
import { statusText } from './status-text.js';
import type { CursorPlace } from './terminal-output.js';
import { stepText } from './todo-rows.js';
import { type VisibleInput, visibleInput } from './visible-input.js';

type SpanRows = readonly (readonly Span[])[];

/** The dynamic area, top to bottom; every entry of a part is exactly one row of the terminal. */
export interface Frame {
  readonly tail: SpanRows;
  readonly tools: SpanRows;
  readonly approval: SpanRows;
  readonly queued: SpanRows;
  /** What is going on, and the empty row that parts it from the input. */
  readonly activity: SpanRows;
  readonly input: (VisibleInput & { readonly sign: string }) | undefined;
  /** Below the input. */
  readonly menu: SpanRows;
  /** The hint and the status line. */
  readonly status: SpanRows;
  readonly cursor: CursorPlace;
}

/** Rows that a frame may have at most: never as tall as the terminal, or it could not be redrawn in place. */
export function frameBudget(rows: number): number {
  return Math.max(1, rows - 2);
}

const promptWidth = 2;

/** Cells that a row of the input has in a terminal of so many. */
export function inputColumns(columns: number): number {
  return columns - promptWidth;
}

const mostTail = 8;
/** Of a question that is answered in words, and the status line. */
const questionRows = 5;
const mostInput = 8;
/** Rows of what is being thought. */
const mostThought = 3;
const mostTools = 4;
/** Rows of what running calls put out. */
const mostOutput = 5;
const mostQueued = 3;
/** Characters of a partial line that are looked at: what fits a few rows of any terminal. */
const mostTailCharacters = 4_096;

/** Fits what is to be shown into the terminal: the input first, then what the user must see, then the rest. */
export function layoutFrame(screen: Screen): Frame {
  const { state, columns, approval: asked, choice } = screen;
  const search = asked || choice ? undefined : screen.search;
  let left = frameBudget(screen.rows);
  const take = (rows: SpanRows, most: number): SpanRows => {
    const count = Math.min(most, left);
    const taken = count < 1 ? [] : rows.slice(-count);
    left -= taken.length;
    return taken;
  };

  const typed = typedText(screen);
  // What is written about a question leaves room for what is asked, why, the keys and the status line.
  const most = Math.min(mostInput, asked ? Math.max(1, left - questionRows) : left);
  const input = typed && { ...visibleInput(typed, inputColumns(columns), most), sign: signOf(screen) };
  left -= input?.rows.length ?? 0;
  const question = () => {
    if (asked) return approvalRows(asked, columns, left);
    if (search) return searchRows(search, screen.input, columns, left);
    return choice ? choiceRows(choice, columns, left) : [];
  };
  const approval = take(question(), left);
  const offered = typed && !asked && !search ? openMenu(screen) : undefined;
  const menu = offered ? take(menuRows(offered, columns, left), left) : [];
  const status = take(
    [...dim(hintOf(screen), columns), ...dim(statusText(state.footer, columns), columns)],
    2,
  );
  // While a question is open nothing else moves: it says what waits, and for whom.
  const doing = asked ? [] : take(dim(activityText(screen), columns), 1);
  const queued = take(
    screen.queued.flatMap((message) => dim(`queued: ${oneLine(message)}`, columns)),
    mostQueued,
  );
  const tools = asked ? [] : take(toolRows(screen, left), mostTools + mostOutput);
  const activity = left >= 2 ? [...doing, ...take([[]], 1)] : doing;
  // What is not yet a whole line would be read out again with each of its words.
  const tail = screen.appearance?.spoken ? [] : take(tailRows(state, columns), mostTail);
  const above = [...tail, ...tools, ...approval, ...queued, ...activity];
  const cursor: CursorPlace = {
    up: input ? input.rows.length - input.cursorRow + menu.length + status.length : 0,
    column: input ? promptWidth + input.cursorColumn : 0,
    visible: input !== undefined,
    widths: () => [
      ...above.map(rowWidth),
      ...(input?.rows ?? []).map((row) => promptWidth + cells(row)),
      ...menu.map(rowWidth),
      ...status.map(rowWidth),
    ],
  };
  return { tail, tools, approval, queued, activity, input, menu, status, cursor };
}

/** What stands before the input: a command of the user's own has another sign than a message. */
function signOf({ approval, search, input }: Screen): string {
  return !approval && !search && input.text.startsWith('!') ? '$ ' : '❯ ';
}

/** What the cursor stands in, if in anything. */
export function typedText({ approval, choice, search, input }: Screen): TypedText | undefined {
  if (approval) return approval.entry;
  if (choice) return undefined;
  return search ? { text: search.query, cursor: search.query.length, pastes: [] } : input;
}

function hintOf({ approval, choice, search, hint, queued, input, columns }: Screen): string {
  if (approval || choice) return hint;
  if (search) return searchKeys(columns);
  return hint === '' && queued.length > 0 && input.text === ''
    ? 'Up takes the last queued message back.'
    : hint;
}

/** A frame without a row: drawing it takes the one before back. */
export const emptyFrame: Frame = {
  tail: [],
  tools: [],
  approval: [],
  queued: [],
  activity: [],
  input: undefined,
  menu: [],
  status: [],
  cursor: { up: 0, column: 0, visible: false, widths: () => [] },
};

function rowWidth(row: readonly Span[]): number {
  return cells(plainText(row));
}

function dim(text: string, columns: number): Span[][] {
  return text === '' ? [] : [[{ text: clip(text, columns), style: 'dim' }]];
}

/** The text that is not yet printed, with the gap that it will have above it. */
function tailRows({ live, lastKind }: State, columns: number): SpanRows {
  if (live.kind === 'thinking') return thoughtRows(live, columns, lastKind);
  const { held, partial, emptyLines } = live;
  const rest = partial === '' ? '' : '\n'.repeat(emptyLines) + partial.slice(-mostTailCharacters);
  if (held + rest === '') return [];
  const text = displayable(rest === '' ? held.slice(0, -1) : held + rest);
  const gap = lastKind === 'answer' ? [] : [[]];
  return [...gap, ...markdownRows(text, { columns, fence: held === '' ? live.fence : '', open: true })];
}

/** The end of what the model thinks; the whole is folded when it ends. */
function thoughtRows(
  { finished, partial }: LiveText,
  columns: number,
  above: BlockKind | undefined,
): SpanRows {
  const text = displayable((finished + partial).slice(-mostTailCharacters)).trimEnd();
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => breakSpans([{ text: line, style: 'dim' }], columns, 'words'));
  return rows.length === 0 ? [] : [...(above === 'thinking' ? [] : [[]]), ...rows.slice(-mostThought)];
}

/** What runs, in at most `most` rows, and below it the end of what it puts out. */
function toolRows({ state, now, columns, appearance }: Screen, most: number): SpanRows {
  const gap = state.tools.length === 0 || state.lastKind === 'tool' ? [] : [[]];
  const { output: ownOutput } = state.turn.command ?? {};
  if (appearance?.spoken) {
    const spoken = state.tools.flatMap(({ status, name, title }) =>
      dim(
        `${status === 'asking' ? 'waits for you' : 'running'}: ${oneLine(name)} ${oneLine(title)}`,
        columns,
      ),
    );
    return [...gap, ...spoken].slice(-mostTools);
  }
  if (ownOutput) return outputRows(ownOutput, columns, Math.min(mostOutput, most));
  const shown = state.tools.slice(-(mostTools - gap.length));
  // Where there is little room, what runs is shown before what it says.
  let left = Math.min(mostOutput, most - shown.length - gap.length);
  const rows = shown.flatMap((tool) => {
    const below = tool.output ? outputRows(tool.output, columns, left) : [];
    left -= below.length;
    const time = tool.status === 'asking' ? 'waits for you' : duration(now - tool.startedAt);
    const name = oneLine(tool.name);
    const room = columns - cells(name) - 6;
    const counts = tool.output ? outputCounts(tool.output, below.length) : [];
    const end = widest(Math.max(cells(time), Math.floor(room * 0.6)), [
      ...counts.map((count) => `${count} · ${time}`),
      time,
    ]);
    const title = clip(oneLine(tool.title), room - cells(end));
    return [...dim(`… ${name} ${title} · ${end}`, columns), ...below];
  });
  return [...gap, ...rows];
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const activities: Readonly<Record<Activity, string>> = {
  waiting: 'Waiting for the model',
  thinking: 'Thinking',
  answering: 'Answering',
  composing: 'Writing',
  working: 'Working',
  retrying: 'Waiting to try again',
};

function activityText({ state, now, columns, appearance }: Screen): string {
  const { turn } = state;
  if (turn.sending !== undefined) return `❯ ${oneLine(turn.sending)}`;
  if (!turn.running) return '';
  const seconds = Math.max(0, Math.floor((now - turn.startedAt) / 1_000));
  const glyph = spinner[Math.floor(now / 250) % spinner.length] ?? '·';
  const { name, characters } = turn.composing;
  const step = appearance?.spoken ? '' : stepText(state.todos);
  // A long file is written into a call that nothing else shows.
  const written =
    turn.activity === 'composing' && !appearance?.spoken
      ? `${` ${oneLine(name)}`.trimEnd()}: ${characters} characters`
      : '';
  const why = turn.detail === '' ? activities[turn.activity] + written + step : oneLine(turn.detail);
  const left = Math.ceil(((turn.retryAt ?? 0) - now) / 1_000);
  const label =
    turn.activity === 'retrying' && left > 0 && !appearance?.spoken
      ? `${why} Trying again in ${left} s`
      : why;
  if (appearance?.spoken) return `${label}, Esc interrupts`;
  const { output } = turn.command ?? {};
  if (output) {
    const end = `${seconds} s · Esc interrupts`;
    const counts = outputCounts(output, outputRows(output, columns, mostOutput).length);
    return widest(columns, [
      ...counts.map((count) => `${glyph} ${label} · ${count} · ${end}`),
      `${glyph} ${label} · ${end}`,
    ]);
  }
  return `${glyph} ${label} · ${seconds} s · Esc interrupts`;
}
