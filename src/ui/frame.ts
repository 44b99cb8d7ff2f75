import type { Activity, State } from '../state.js';
import { approvalRows } from './approval-rows.js';
import { cells } from './break-rows.js';
import { clip, displayable, duration, oneLine } from './displayable.js';
import { markdownRows } from './markdown/rows.js';
import type { Screen } from './screen.js';
import { breakSpans, plainText, type Span } from './spans.js';
import { statusText } from './status-text.js';
import type { CursorPlace } from './terminal-output.js';
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
  readonly input: VisibleInput | undefined;
  /** The hint and the status line. */
  readonly status: SpanRows;
  readonly cursor: CursorPlace;
}

/** Rows that a frame may have at most: never as tall as the terminal, or it could not be redrawn in place. */
export function frameBudget(rows: number): number {
  return Math.max(1, rows - 2);
}

const promptWidth = 2;
const mostTail = 8;
const mostInput = 8;
const mostTools = 4;
const mostQueued = 3;
/** Characters of a partial line that are looked at: what fits a few rows of any terminal. */
const mostTailCharacters = 4_096;

/** Fits what is to be shown into the terminal: the input first, then what the user must see, then the rest. */
export function layoutFrame(screen: Screen): Frame {
  const { state, columns, approval: asked } = screen;
  let left = frameBudget(screen.rows);
  const take = (rows: SpanRows, most: number): SpanRows => {
    const count = Math.min(most, left);
    const taken = count < 1 ? [] : rows.slice(-count);
    left -= taken.length;
    return taken;
  };

  const approval = asked ? take(approvalRows(asked, columns, left), left) : [];
  const most = Math.min(mostInput, left);
  const { text, cursor: place } = screen.input;
  const input = asked ? undefined : visibleInput(text, place, columns - promptWidth, most);
  left -= input?.rows.length ?? 0;
  const status = take([...dim(screen.hint, columns), ...dim(statusText(state.footer, columns), columns)], 2);
  // While a question is open nothing else moves: it says what waits, and for whom.
  const doing = asked ? [] : take(dim(activityText(screen), columns), 1);
  const queued = take(
    screen.queued.flatMap((message) => dim(`queued: ${oneLine(message)}`, columns)),
    mostQueued,
  );
  const tools = asked ? [] : take(toolRows(screen), mostTools);
  const activity = left >= 2 ? [...doing, ...take([[]], 1)] : doing;
  const tail = take(tailRows(state, columns), mostTail);
  const above = [...tail, ...tools, ...approval, ...queued, ...activity];
  const cursor: CursorPlace = {
    up: input ? input.rows.length - input.cursorRow + status.length : 0,
    column: input ? promptWidth + input.cursorColumn : 0,
    visible: input !== undefined,
    widths: () => [
      ...above.map(rowWidth),
      ...(input?.rows ?? []).map((row) => promptWidth + cells(row)),
      ...status.map(rowWidth),
    ],
  };
  return { tail, tools, approval, queued, activity, input, status, cursor };
}

/** A frame without a row: drawing it takes the one before back. */
export const emptyFrame: Frame = {
  tail: [],
  tools: [],
  approval: [],
  queued: [],
  activity: [],
  input: undefined,
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
  const { held, partial, emptyLines, kind } = live;
  const rest = partial === '' ? '' : '\n'.repeat(emptyLines) + partial.slice(-mostTailCharacters);
  if (held + rest === '') return [];
  const text = displayable(rest === '' ? held.slice(0, -1) : held + rest);
  const gap = kind === lastKind ? [] : [[]];
  if (kind === 'answer') {
    return [...gap, ...markdownRows(text, { columns, fence: held === '' ? live.fence : '', open: true })];
  }
  const lines = text.split('\n');
  return [...gap, ...lines.flatMap((line) => breakSpans([{ text: line, style: 'dim' }], columns, 'words'))];
}

function toolRows({ state, now, columns }: Screen): SpanRows {
  const gap = state.tools.length === 0 || state.lastKind === 'tool' ? [] : [[]];
  const rows = state.tools.flatMap((tool) => {
    const time = tool.status === 'asking' ? 'waits for you' : duration(now - tool.startedAt);
    const name = oneLine(tool.name);
    const title = clip(oneLine(tool.title), columns - cells(name) - cells(time) - 6);
    return dim(`… ${name} ${title} · ${time}`, columns);
  });
  return [...gap, ...rows];
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const activities: Readonly<Record<Activity, string>> = {
  waiting: 'Waiting for the model',
  thinking: 'Thinking',
  answering: 'Answering',
  working: 'Working',
  retrying: 'Waiting to try again',
};

function activityText({ state, now }: Screen): string {
  const { turn } = state;
  if (turn.sending !== undefined) return `❯ ${oneLine(turn.sending)}`;
  if (!turn.running) return '';
  const seconds = Math.max(0, Math.floor((now - turn.startedAt) / 1_000));
  const glyph = spinner[Math.floor(now / 250) % spinner.length] ?? '·';
  const label = turn.detail === '' ? activities[turn.activity] : oneLine(turn.detail);
  return `${glyph} ${label} · ${seconds} s · Esc interrupts`;
}
