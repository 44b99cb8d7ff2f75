import { withoutHeldSecrets } from '../core/held-secrets.js';
import { redact } from '../core/redact.js';
import { type Edit, editBetween, editPieces } from './edits.js';
import { Places, type Surroundings } from './places.js';

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** The part of a folder for long outputs that is made from a session's id. */
const sessionFolder = /(?<=<victor:(?:output|id-\d+)>\/)[0-9a-f]{16}\b/g;
const knownId = new RegExp(String.raw`${uuid.source}|\b[0-9a-f]{16}\b`, 'g');
/** What the environment contributor tells. */
const environment =
  /Date: \d{4}-\d\d-\d\d, [A-Z][a-z]+day\nWorking directory: [^\n]*\nPlatform: \w+(?:\nGit status at the beginning of this turn:(?:\n[^\n]+)*)?/g;

const time =
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d)\b)?|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d\d:\d\d| \d{4})\b/g;
const duration =
  /\b\d+(?:\.\d+)?\s?(?:ms|s|secs?|seconds|milliseconds)\b|(?<=\bduration_ms:? )\d+(?:\.\d+)?/g;

const anyMark = /<victor:(?:cwd|home|tmp|output|id-\d+)>/g;

/**
 * Takes out of texts what must not or cannot be kept: secrets, folders, random ids, times. One for a conversation,
 * because ids are counted in the order in which they are seen.
 */
export class Scrubber {
  readonly #places: Places;
  readonly #ids = new Map<string, string>();
  readonly #idsByMark = new Map<string, string>();
  readonly #remembered = [new Map<string, string>(), new Map<string, string>()] as const;

  constructor(surroundings: Surroundings) {
    this.#places = new Places(surroundings);
  }

  /** A text of a request. In results of tools go times and durations too. */
  request(text: string, isResult: boolean): string {
    // Every request of a conversation says again what the ones before said.
    const known = this.#remembered[isResult ? 1 : 0];
    const before = known.get(text);
    if (before !== undefined) return before;
    const kept = this.answer(text)
      .replace(uuid, (id) => this.#idMark(id))
      .replace(sessionFolder, (id) => this.#idMark(id))
      .replace(environment, '<victor:environment>');
    const clean = isResult
      ? kept.replace(time, '<victor:time>').replace(duration, '<victor:duration>')
      : kept;
    known.set(text, clean);
    return clean;
  }

  /** A text of an answer: ids in it stay, unless a request had them before. */
  answer(text: string): string {
    return this.answerPieces([text])[0]!;
  }

  /** The same for a text that comes in pieces, also where a folder or a key is cut between two. */
  answerPieces(pieces: readonly string[]): string[] {
    const without = (now: readonly string[], edits: (joined: string) => Edit[]) =>
      editPieces(now, edits(now.join('')));
    const secretless = without(pieces, (text) => editBetween(text, redact(withoutHeldSecrets(text))));
    const placeless = without(secretless, (text) => this.#places.edits(text));
    if (this.#ids.size === 0) return placeless;
    return without(placeless, (text) =>
      [...text.matchAll(knownId)].flatMap(({ index, 0: id }) => {
        const mark = this.#ids.get(id);
        return mark === undefined ? [] : [{ start: index, end: index + id.length, text: mark }];
      }),
    );
  }

  /** A text of a recording with what its marks stand for here, as it stands in JSON. */
  restore(text: string): string {
    return text.replace(anyMark, (mark) => {
      const value = this.#idsByMark.get(mark) ?? this.#places.pathOf(mark);
      return value === undefined ? mark : JSON.stringify(value).slice(1, -1);
    });
  }

  #idMark(id: string): string {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const mark = `<victor:id-${this.#ids.size + 1}>`;
    this.#ids.set(id, mark);
    this.#idsByMark.set(mark, id);
    return mark;
  }
}
