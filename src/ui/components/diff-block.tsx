import type { ReactElement } from 'react';
import type { FileDiff } from '../../core/restore.js';
import { useAppearance } from '../appearance-context.js';
import { fileDiffRows, mostChangeRows } from '../change-rows.js';
import { clip, oneLine } from '../displayable.js';
import { clipSpans } from '../spans.js';
import { Rows } from './rows.js';

export interface DiffBlockProps {
  readonly title: string;
  readonly files: readonly FileDiff[];
  /** The row that it begins with, counted from 1, and how to see what is left out. */
  readonly from?: number | undefined;
  readonly more?: string | undefined;
  readonly columns: number;
}

/** What changed in each of several files, one below the other. */
export function DiffBlock({ title, files, from = 1, more, columns }: DiffBlockProps): ReactElement | null {
  const { spoken } = useAppearance();
  const rows = files.flatMap((file) => fileDiffRows(file, spoken)).slice(from - 1);
  const shown = rows.slice(0, mostChangeRows).map((row) => clipSpans(row, columns));
  const left = rows.length - shown.length;
  if (left > 0) {
    const how = more ?? `${left} more lines: victor sessions diff ID shows all`;
    shown.push([{ text: clip(`… ${oneLine(how)}`, columns), style: 'dim' }]);
  }
  return <Rows rows={[[{ text: clip(oneLine(title), columns), style: 'bold' }], ...shown]} />;
}
