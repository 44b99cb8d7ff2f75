import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { ToolBlockBody } from '../../state.js';
import { cells } from '../break-rows.js';
import { clip, duration, oneLine } from '../displayable.js';
import type { Span, SpanStyle } from '../spans.js';
import { DiffPreview } from './diff-preview.js';
import { Rows } from './rows.js';

const marks: Readonly<Record<ToolBlockBody['status'], { mark: string; style: SpanStyle }>> = {
  done: { mark: '✓', style: 'added' },
  failed: { mark: '✗', style: 'removed' },
  denied: { mark: '⊘', style: 'accent' },
  interrupted: { mark: '■', style: 'accent' },
};

const SHOWN_FROM_MS = 100;

export interface ToolLineProps {
  readonly tool: ToolBlockBody;
  readonly columns: number;
}

/** A finished tool call folded on one line: name, title, how it ended, time; an edit with what it changed. */
export function ToolLine({ tool, columns }: ToolLineProps): ReactElement | null {
  const { mark, style } = marks[tool.status];
  const name = oneLine(tool.name);
  // What was over at once has no time worth reading.
  const { durationMs = 0 } = tool;
  const time = durationMs < SHOWN_FROM_MS ? '' : ` · ${duration(durationMs)}`;
  const room = columns - cells(name) - cells(time) - 3;
  // The title may take what the summary leaves, and at least half of the line; a narrow one has no summary.
  const whole = room < 16 ? '' : oneLine(tool.summary);
  const title = clip(
    oneLine(tool.title),
    whole === '' ? room : Math.max(Math.floor(room / 2), room - cells(whole) - 3),
  );
  const summary = clip(whole, room - cells(title) - 3);
  const row: Span[] = [
    { text: `${mark} `, style },
    { text: `${name} `, style: 'bold' },
    { text: title, style: 'plain' },
    { text: summary === '' ? time : ` · ${summary}${time}`, style: 'dim' },
  ];
  return (
    <Box flexDirection="column">
      <Rows rows={[row]} />
      {tool.change ? <DiffPreview change={tool.change} columns={columns} /> : null}
    </Box>
  );
}
