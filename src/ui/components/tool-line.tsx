import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { ToolBlockBody } from '../../state.js';
import { useAppearance } from '../appearance-context.js';
import { cells } from '../break-rows.js';
import { clip, duration, oneLine } from '../displayable.js';
import { signOf } from '../glyphs.js';
import type { Span, SpanStyle } from '../spans.js';
import { DiffPreview } from './diff-preview.js';
import { Rows } from './rows.js';
import { TodoList } from './todo-list.js';

const styles: Readonly<Record<ToolBlockBody['status'], SpanStyle>> = {
  done: 'added',
  failed: 'removed',
  denied: 'accent',
  interrupted: 'accent',
};

const SHOWN_FROM_MS = 100;
/** A line of fewer cells has none for its number. */
const narrow = 40;

export interface ToolLineProps {
  readonly tool: ToolBlockBody;
  readonly columns: number;
}

/** A finished tool call folded on one line: name, title, how it ended, time; an edit with what it changed. */
export function ToolLine({ tool, columns }: ToolLineProps): ReactElement | null {
  const mark = signOf(tool.status, useAppearance().spoken);
  // A name that the model made up may be as long as it likes.
  const name = clip(oneLine(tool.name), Math.max(1, Math.floor(columns / 2)));
  // What was over at once has no time worth reading.
  const { durationMs = 0 } = tool;
  const took = durationMs < SHOWN_FROM_MS ? '' : ` · ${duration(durationMs)}`;
  const time = tool.number === undefined || columns < narrow ? took : `${took} · #${tool.number}`;
  const room = columns - cells(name) - cells(time) - mark.length - 1;
  // The title may take what the summary leaves, and at least half of the line; a narrow one has no summary.
  const whole = room < 16 ? '' : oneLine(tool.summary);
  const title = clip(
    oneLine(tool.title),
    whole === '' ? room : Math.max(Math.floor(room / 2), room - cells(whole) - 3),
  );
  const summary = clip(whole, room - cells(title) - 3);
  const row: Span[] = [
    { text: mark, style: styles[tool.status] },
    { text: `${name} `, style: 'bold' },
    { text: title, style: 'plain' },
    { text: summary === '' ? time : ` · ${summary}${time}`, style: 'dim' },
  ];
  return (
    <Box flexDirection="column">
      <Rows rows={[row]} />
      {tool.todos ? <TodoList todos={tool.todos} columns={columns} /> : null}
      {tool.change ? <DiffPreview change={tool.change} number={tool.number} columns={columns} /> : null}
    </Box>
  );
}
