import type { FileChange } from './tool.js';

/** Every file that a call changes, each by itself. */
export function allChanges({ also = [], ...first }: FileChange): readonly FileChange[] {
  return [first, ...also];
}
