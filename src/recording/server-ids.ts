/** Members that hold an id which a server made up. */
const idNames = new Set([
  'id',
  'call_id',
  'item_id',
  'message_id',
  'previous_response_id',
  'request_id',
  'response_id',
  'tool_call_id',
  'tool_use_id',
]);
/** Members of an answer that differ each time and that nobody sends back. */
const timeNames = new Set(['created', 'created_at', 'completed_at']);
/** Shorter ones are counters already. */
const SHORTEST = 9;

/**
 * Counts the ids that servers make up, so that a conversation has the same ones whenever it is recorded: the first
 * `toolu_…` of the answers is `toolu_1`, in the requests that send it back too.
 */
export class ServerIds {
  readonly #counted = new Map<string, string>();
  readonly #next = new Map<string, number>();

  /** A member of an answer, else of what is inside it. */
  inAnswer(name: string, value: unknown): unknown {
    if (timeNames.has(name) && typeof value === 'number') return 0;
    if (typeof value !== 'string' || !idNames.has(name) || value.length < SHORTEST) return value;
    const known = this.#counted.get(value);
    if (known !== undefined) return known;
    const prefix = /^[A-Za-z]+(?=[_-])/.exec(value)?.[0] ?? 'id';
    const number = (this.#next.get(prefix) ?? 0) + 1;
    this.#next.set(prefix, number);
    this.#counted.set(value, `${prefix}_${number}`);
    return `${prefix}_${number}`;
  }

  inRequest(name: string, value: unknown): unknown {
    return typeof value === 'string' && idNames.has(name) ? (this.#counted.get(value) ?? value) : value;
  }
}
