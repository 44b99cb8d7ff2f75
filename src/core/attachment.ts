import type { Image } from './message.js';

/** Something that goes to the model behind what the user typed. */
export interface Attachment {
  /** As the user named it. */
  readonly name: string;
  /** In a word or two, for people: `120 lines`. */
  readonly summary: string;
  /** What the model reads: a labelled block. */
  readonly text: string;
  readonly images?: readonly Image[];
}

/** What of a message was attached to it. */
export interface Attached {
  /** How much of the content the user typed, in UTF-16 units; the rest are the blocks of what was attached. */
  readonly from: number;
  readonly items: readonly Pick<Attachment, 'name' | 'summary'>[];
}
