import { named, stringEnd, takeKey } from './key-sequences.js';
import { isBurst, plainRun } from './paste-burst.js';
import { createPasteReader, type PasteReader, pasteStart } from './paste-reader.js';
import { createSanitizer, sanitizeInput } from './sanitize.js';

/** What the user did at the keyboard. */
export type Key =
  | { readonly type: 'text'; readonly text: string }
  /** A paste, whole and already safe to show. */
  | { readonly type: 'paste'; readonly text: string }
  | {
      readonly type: 'key';
      /** A named key (`enter`, `left`, …) or, with Ctrl or Alt, a character. */
      readonly name: string;
      readonly ctrl: boolean;
      readonly alt: boolean;
      readonly shift: boolean;
    };

export interface KeyParser {
  /** Keys that are complete with this chunk. */
  push(chunk: string): Key[];
  /**
   * What more bytes may change: a key has begun (an Escape may be the key or the start of a sequence), or a paste has ended
   * and more of it may follow.
   */
  readonly pending: 'key' | 'paste' | undefined;
  /**
   * No more bytes came in time: a lone Escape was the key, a paste that has ended is whole, and an unfinished sequence is
   * dropped, the answer to a question only when this is called again.
   */
  flush(): Key[];
}

const beginsReply = /^\u001b\]\d/;
/** What the terminal says until it says that this is the end. */
const beginsString = /^\u001b[\]P_^X]/;
/** A sequence longer than this is no key; it is thrown away. */
const longestSequence = 4_096;
/** Ctrl+C, also as kitty's protocol has it. */
const interrupts = ['\u0003', '\u001b[99;5u'];

/**
 * Turns the bytes of a terminal into keys, however they are cut; what it does not know never becomes text. `onReply` is told
 * what the terminal answers to a question, without the frame of the answer.
 */
export function createKeyParser(onReply: (text: string) => void = () => {}): KeyParser {
  let rest = '';
  /** One for all typed text: what joins to the character before it may come in the next chunk. */
  const typed = createSanitizer('');
  /** Time was up once for the answer that `rest` begins. */
  let waited = false;
  let paste: PasteReader | undefined;
  /** What a terminal that marks no pastes has sent of one so far. */
  let burst: string | undefined;
  /** It has marked one, so lines that come at once were typed: a slow link kept them and brought them together. */
  let marksPastes = false;
  /** In a string of the terminal that is too long to be kept: all of it is dropped, up to its end. */
  let dropping = false;

  function settle(reader: PasteReader): Key[] {
    const pasted = reader.settle();
    paste = undefined;
    const keys = read(pasted.rest);
    return pasted.text === '' ? keys : [{ type: 'paste', text: pasted.text }, ...keys];
  }

  function settleBurst(): Key[] {
    const text = sanitizeInput((burst ?? '').replace(/\r\n?/g, '\n')).replaceAll('\ufffd', '');
    burst = undefined;
    return text === '' ? [] : [{ type: 'paste', text }];
  }

  /** More of a burst; what is no text ends it. */
  function goOn(chunk: string): Key[] {
    const run = plainRun(chunk);
    burst += run;
    return run.length === chunk.length ? [] : [...settleBurst(), ...read(chunk.slice(run.length))];
  }

  function read(chunk: string): Key[] {
    const keys: Key[] = [];
    rest += chunk;
    while (rest !== '') {
      if (dropping) {
        waited = false;
        const end = stringEnd(rest);
        // Half an end waits for its other half.
        rest = end > 0 ? rest.slice(end) : rest.endsWith('\u001b') ? '\u001b' : '';
        dropping = end === 0;
        if (dropping) break;
        continue;
      }
      if (!marksPastes && isBurst(plainRun(rest))) {
        burst = '';
        const behind = rest;
        rest = '';
        return [...keys, ...goOn(behind)];
      }
      if (rest.startsWith(pasteStart)) {
        marksPastes = true;
        paste = createPasteReader();
        paste.push(rest.slice(pasteStart.length));
        rest = '';
        break;
      }
      const [key, length] = takeKey(rest, typed);
      const reply = /^\u001b\](\d[^\u0007\u001b\u009c]*)/.exec(rest.slice(0, length))?.[1];
      if (reply !== undefined) onReply(reply);
      if (length === 0) {
        if (rest.length <= longestSequence) break;
        dropping = beginsString.test(rest);
        rest = rest.endsWith('\u001b') ? '\u001b' : '';
        break;
      }
      rest = rest.slice(length);
      if (key) keys.push(key);
    }
    if (!dropping && !beginsReply.test(rest)) waited = false;
    return keys;
  }

  return {
    get pending() {
      if (paste) return paste.ended ? 'paste' : undefined;
      if (burst !== undefined) return 'paste';
      return rest === '' && !dropping ? undefined : 'key';
    },
    push(chunk) {
      if (burst !== undefined) return goOn(chunk);
      if (dropping && interrupts.includes(chunk)) {
        dropping = false;
        rest = '';
      }
      if (!paste) return read(chunk);
      // Where the end of a paste is lost, Ctrl+C by itself leads out of it.
      if (interrupts.includes(chunk) && !paste.ended) return [...settle(paste), ...read(chunk)];
      paste.push(chunk);
      return [];
    },
    flush() {
      if (paste && !paste.ended) return [];
      const keys = paste ? settle(paste) : settleBurst();
      // The rest of an answer must not become text, however late it comes; but not for ever.
      if ((dropping || beginsReply.test(rest)) && !waited) {
        waited = true;
        return keys;
      }
      const alone = dropping ? 0 : (/^\u001b+$/.exec(rest)?.[0].length ?? 0);
      dropping = false;
      rest = '';
      return [...keys, ...Array.from({ length: alone }, () => named('escape'))];
    },
  };
}
