import type { ReactElement } from 'react';
import type { ThinkingBlockBody } from '../../state.js';
import { cells } from '../break-rows.js';
import { clip, duration, oneLine } from '../displayable.js';
import { Rows } from './rows.js';

export interface ThinkingLineProps {
  readonly thought: ThinkingBlockBody;
  readonly columns: number;
}

/** The model's reasoning folded into one line: how long it took, how it began, and its number. */
export function ThinkingLine({ thought, columns }: ThinkingLineProps): ReactElement | null {
  const { summary, durationMs, number } = thought;
  const took = durationMs < 100 ? 'Thought' : `Thought for ${duration(durationMs)}`;
  const end = ` · #${number}`;
  const room = columns - cells(took) - cells(end) - 3;
  const begin = room < 12 ? '' : ` · ${clip(oneLine(summary), room)}`;
  return <Rows rows={[[{ text: clip(took + begin + end, columns), style: 'dim' }]]} />;
}
