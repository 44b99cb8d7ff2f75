import { readLine } from '../../markdown-lines.js';
import type { Block } from '../../state.js';
import { displayable } from '../displayable.js';
import type { CodeLines, PrintedBlock } from '../screen.js';
import type { Span } from '../spans.js';
import type { LineHighlighter } from './highlight.js';
import { languageOf } from './languages.js';

export interface CodeColours {
  /** Code is on its way: what colours it is loaded, once. */
  expect(): void;
  /** The block with the colours of the code in it, `undefined` while those are being loaded. Takes each block once, in order. */
  colour(block: Block): PrintedBlock | undefined;
  /** Settles when what is being loaded has come, or will not. */
  readonly loading: Promise<void> | undefined;
}

type Highlight = typeof import('./highlight.js');

/** Colours finished code line by line; a block that is printed in parts is coloured as if it came whole. */
export function createCodeColours(
  load: () => Promise<Highlight> = () => import('./highlight.js'),
): CodeColours {
  let module: Highlight | undefined;
  let failed = false;
  let loading: Promise<void> | undefined;
  /** Of the code that the last block ended in. */
  let current: LineHighlighter | undefined;

  function expect(): void {
    if (module || failed) return;
    loading ??= load()
      .then((loaded) => {
        module = loaded;
      })
      .catch(() => {
        failed = true;
      })
      .finally(() => {
        loading = undefined;
      });
  }

  function linesOf(text: string, first: string): CodeLines {
    const found = new Map<number, readonly Span[]>();
    let fence = first;
    if (fence === '') current = undefined;
    for (const [index, line] of text.split('\n').entries()) {
      const { kind, info, inner, fence: after } = readLine(fence, line);
      if (kind === 'opens') current = highlighterOf(info);
      else if (kind !== 'code') current = undefined;
      else if (current) found.set(index, current.line(inner));
      fence = after;
    }
    return found;
  }

  function highlighterOf(info: string): LineHighlighter | undefined {
    const language = languageOf(info);
    return language === undefined ? undefined : module?.createLineHighlighter(language);
  }

  return {
    get loading() {
      return loading;
    },
    expect,
    colour(block) {
      if (block.kind !== 'answer' || failed) return block;
      const text = displayable(block.text);
      if (!module) {
        if (!opensKnownCode(text, block.fence)) return block;
        expect();
        return undefined;
      }
      const code = linesOf(text, block.fence);
      return code.size === 0 ? block : { ...block, code };
    },
  };
}

function opensKnownCode(text: string, first: string): boolean {
  let fence = first;
  return text.split('\n').some((line) => {
    const read = readLine(fence, line);
    fence = read.fence;
    return read.kind === 'opens' && languageOf(read.info) !== undefined;
  });
}
