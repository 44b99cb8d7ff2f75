import type { ToolCall } from '../core/message.js';
import type { ToolCallDelta } from '../core/provider.js';
import type { Fields } from './fields.js';
import { toolInput } from './tool-input.js';

interface Parts {
  id: string;
  name: string;
  json: string;
}

/**
 * Puts streamed tool calls together. By the book every piece has the `index` of its call; servers are known to leave
 * it out, to give every call the index 0, to number ids, and to repeat the id or the name in every piece.
 */
export class ToolCallParts {
  #list: Parts[] = [];
  #byIndex = new Map<number, Parts>();

  get count(): number {
    return this.#list.length;
  }

  /** Takes a piece, and answers what of it can be shown. */
  add(piece: Fields): ToolCallDelta {
    const id = typeof piece.id === 'number' ? String(piece.id) : typeof piece.id === 'string' ? piece.id : '';
    const index = typeof piece.index === 'number' ? piece.index : undefined;
    const parts = this.#find(index, id) ?? this.#open(index);
    parts.id ||= id;
    const details = (piece.function ?? {}) as Fields;
    if (typeof details.name === 'string') parts.name = joinName(parts.name, details.name);
    let text = '';
    if (typeof details.arguments === 'string') {
      text = details.arguments;
      parts.json += text;
    } else if (typeof details.arguments === 'object' && details.arguments !== null) {
      text = JSON.stringify(details.arguments);
      parts.json = text;
    }
    return { type: 'tool-call-delta', index: this.#list.indexOf(parts), name: parts.name, text };
  }

  /** Every call in the order it began. `isWhole`: its arguments are a JSON object. */
  *whole(makeId: () => string): Generator<{ readonly call: ToolCall; readonly isWhole: boolean }> {
    for (const { id, name, json } of this.#list) {
      const input = toolInput(json);
      const isWhole = json !== '' && input.invalidInput === undefined;
      yield { call: { id: id || makeId(), name, ...input }, isWhole };
    }
  }

  #find(index: number | undefined, id: string): Parts | undefined {
    if (index !== undefined) {
      const parts = this.#byIndex.get(index);
      const isAnother = parts && id !== '' && parts.id !== '' && parts.id !== id;
      return isAnother ? undefined : parts;
    }
    return id === '' ? this.#list.at(-1) : this.#list.findLast((parts) => parts.id === id);
  }

  #open(index: number | undefined): Parts {
    const parts: Parts = { id: '', name: '', json: '' };
    this.#list.push(parts);
    if (index !== undefined) this.#byIndex.set(index, parts);
    return parts;
  }
}

/** A name may come whole, again with every piece, or in pieces. */
function joinName(known: string, next: string): string {
  if (next.startsWith(known)) return next;
  return known.endsWith(next) ? known : known + next;
}
