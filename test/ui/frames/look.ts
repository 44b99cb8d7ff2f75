import type { Scene } from './draw.js';
import type { Size } from './stage.js';

/** One state that a user sees, and what must hold of it in every size. */
export interface Look {
  readonly name: string;
  readonly scene: Scene;
  /** Where it is drawn; a wide terminal and a narrow one when absent. */
  readonly sizes?: readonly Size[];
  /** Texts that are on the screen or in the scrollback, however their lines are broken. */
  readonly reaches?: readonly string[];
  /** Texts that are on the screen, each in one row. */
  readonly sees?: readonly string[];
  /** Nothing but ASCII is on the screen. */
  readonly ascii?: true;
}
