import { createElement, type ReactElement } from 'react';
import type { Screen } from '../screen.js';
import { BlockView } from './block-view.js';
import { Boundary } from './boundary.js';

export interface TranscriptProps {
  /** What is not on the screen yet; a new number each time. */
  readonly print: Screen['print'];
  readonly columns: number;
  /** Told of a block that could not be drawn; a line stands in its place. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

const style = { position: 'absolute', flexDirection: 'column' };

/**
 * Prints finished blocks above the dynamic area, once, in the frame that has them: with the next frame they must be gone.
 * This is what is inside of Ink's `<Static>`, without the second frame in which that drops its children again.
 */
export function Transcript({ print, columns, onFault }: TranscriptProps): ReactElement | null {
  const blocks = print.blocks.map((block) =>
    createElement(Boundary, { columns, onFault }, createElement(BlockView, { block, columns })),
  );
  return createElement('ink-box', { key: print.number, internal_static: true, style }, ...blocks);
}
