import { Static } from 'ink';
import { memo, type ReactElement } from 'react';
import type { Screen } from '../screen.js';
import { BlockView } from './block-view.js';

export interface TranscriptProps {
  readonly print: Screen['print'];
  readonly columns: number;
}

/** Prints finished blocks once. A new key per print lets the nodes of the last one go. */
export const Transcript = memo(function Transcript({ print, columns }: TranscriptProps): ReactElement | null {
  return (
    <Static key={print.number} items={[...print.blocks]}>
      {(block, index) => <BlockView key={`${block.id} ${index}`} block={block} columns={columns} />}
    </Static>
  );
}, samePrint);

/** A changed width alone must not print anything again. */
function samePrint(before: TranscriptProps, after: TranscriptProps): boolean {
  return before.print === after.print;
}
