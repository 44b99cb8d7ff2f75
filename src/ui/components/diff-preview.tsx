import type { ReactElement } from 'react';
import type { FileChange } from '../../core/tool.js';
import { useAppearance } from '../appearance-context.js';
import { changeRows } from '../change-rows.js';
import { clip } from '../displayable.js';
import { clipSpans, type Span } from '../spans.js';
import { Rows } from './rows.js';

const mostLines = 12;
const indent = '    ';

export interface DiffPreviewProps {
  readonly change: FileChange;
  /** Under which the whole change is kept. */
  readonly number?: number | undefined;
  readonly columns: number;
}

/** The first changed lines of an edit. */
export function DiffPreview({ change, number, columns }: DiffPreviewProps): ReactElement | null {
  const { spoken } = useAppearance();
  const lines = changeRows(change, indent, spoken);
  const rows = lines.slice(0, mostLines).map((row) => clipSpans(row, columns));
  if (lines.length > mostLines) {
    const rest = number === undefined ? '' : `: /expand ${number}`;
    const more: Span = {
      text: clip(`${indent}… ${lines.length - mostLines} more lines${rest}`, columns),
      style: 'dim',
    };
    rows.push([more]);
  }
  return <Rows rows={rows} />;
}
