import { sanitizeInput } from './sanitize.js';

export const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** Collects one paste. */
export interface PasteReader {
  push(text: string): void;
  /** An end was seen. It is the end when nothing comes soon after it: what is pasted may have such a mark in it. */
  readonly ended: boolean;
  /** What was pasted, safe to show, and what came behind its end. */
  settle(): { readonly text: string; readonly rest: string };
}

export function createPasteReader(): PasteReader {
  const pieces: string[] = [];
  let rest = '';
  let ended = false;

  return {
    get ended() {
      return ended;
    },
    push(text) {
      rest += text;
      for (let end = rest.indexOf(pasteEnd); end >= 0; end = rest.indexOf(pasteEnd)) {
        pieces.push(rest.slice(0, end));
        rest = rest.slice(end + pasteEnd.length);
        ended = true;
      }
      if (ended) return;
      // The end marker may be cut: what may be its beginning waits.
      const held = overlap(rest, pasteEnd);
      pieces.push(rest.slice(0, rest.length - held));
      rest = rest.slice(rest.length - held);
    },
    settle: () => ({ text: sanitizeInput(pieces.join('').replace(/\r\n?/g, '\n')), rest }),
  };
}

/** How many characters at the end of `text` may be the beginning of `marker`. */
function overlap(text: string, marker: string): number {
  for (let length = Math.min(text.length, marker.length - 1); length > 0; length -= 1) {
    if (marker.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}
