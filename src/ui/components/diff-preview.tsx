import type { ReactElement } from 'react';
import type { FileChange } from '../../core/tool.js';
import { clip, displayable } from '../displayable.js';
import { diffLines } from '../line-diff.js';
import type { Span } from '../spans.js';
import { Rows } from './rows.js';

const mostLines = 12;
const signs = { same: ' ', added: '+', removed: '-' } as const;
const styles = { same: 'dim', added: 'added', removed: 'removed' } as const;

export interface DiffPreviewProps {
  readonly change: FileChange;
  readonly columns: number;
}

/** The first changed lines of an edit. */
export function DiffPreview({ change, columns }: DiffPreviewProps): ReactElement | null {
  const lines = diffLines(change.before, change.after);
  const rows = lines
    .slice(0, mostLines)
    .map(({ kind, text }): Span[] => [
      { text: clip(`    ${signs[kind]} ${displayable(text)}`, columns), style: styles[kind] },
    ]);
  if (lines.length > mostLines) {
    rows.push([{ text: clip(`    … ${lines.length - mostLines} more lines`, columns), style: 'dim' }]);
  }
  return <Rows rows={rows} />;
}
