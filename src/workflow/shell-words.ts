/** What stands for a place in a word that was read. */
export const PLACE = '\uE000';

/** A word of a command. */
export interface ShellWord {
  /** Its signs without quotes and backslashes, as the shell takes a name. */
  plain: string;
  /** Only what stands outside of quotes, each quoted part as one `"`: reserved words and assignments are found in it. */
  bare: string;
}

/** Why a place is in no word; whoever wrote the command reads it. */
export class MisplacedError extends Error {}

interface Frame {
  readonly words: ShellWord[];
  readonly word: ShellWord | undefined;
  readonly isTarget: boolean;
  /** After it the word before goes on. */
  readonly isSubstitution: boolean;
}

/**
 * The simple commands of a text as bash would find them, those in `$( … )` and `( … )` too, without the targets of redirections.
 * For a text without here-documents, backquotes, arithmetic, `${ … }` and lists of arrays. A keyword is a word as any other.
 */
export function simpleCommands(
  text: string,
  places: ReadonlyMap<number, string>,
): readonly (readonly ShellWord[])[] {
  return new Reader(text, places).read();
}

class Reader {
  readonly #text: string;
  readonly #places: ReadonlyMap<number, string>;
  readonly #commands: ShellWord[][] = [];
  readonly #frames: Frame[] = [];
  #words: ShellWord[] = [];
  #word: ShellWord | undefined;
  #isTarget = false;
  #at = 0;

  constructor(text: string, places: ReadonlyMap<number, string>) {
    this.#text = text;
    this.#places = places;
  }

  read() {
    while (this.#at < this.#text.length) this.#one();
    this.#endCommand();
    for (const { words, word } of this.#frames)
      if (words.length > 0) this.#commands.push(word ? [...words, word] : words);
    return this.#commands;
  }

  /** Where what follows stands: a line that goes on behind a backslash is one line to the shell. */
  #next(from: number): number {
    let at = from;
    while (this.#text.startsWith('\\\n', at)) at += 2;
    return at;
  }

  #one(): void {
    const at = this.#at;
    const place = this.#places.get(at);
    if (place !== undefined) {
      this.#place(place);
      return;
    }
    const sign = this.#text[at]!;
    const next = this.#next(at + 1);
    const following = this.#text[next];
    this.#at = at + 1;
    if (sign === '\\') this.#backslash(at + 1);
    else if (sign === "'" || sign === '"') this.#quoted(sign, at + 1);
    else if (sign === '$') this.#dollar(next);
    else if (sign === ' ' || sign === '\t') this.#endWord();
    else if (sign === '#' && !this.#word) this.#comment(at);
    else if ((sign === '<' || sign === '>') && following === '(') this.#open(next + 1, `${sign}()`);
    else if (sign === '<' || sign === '>' || (sign === '&' && following === '>')) this.#redirection();
    else if (sign === '(') this.#open(at + 1);
    else if (sign === ')') this.#close();
    else if (sign === ';' || sign === '&' || sign === '|' || sign === '\n') this.#endCommand();
    else {
      const { bare = '' } = this.#word ?? {};
      if (sign === '[' && /^[A-Za-z_]\w*$/.test(bare))
        throw new MisplacedError(
          `the command has a subscript (${bare}[), in which the shell runs what it finds`,
        );
      this.#add(sign, sign);
    }
  }

  #place(place: string): void {
    const { bare } = this.#add('', '');
    if (bare.includes('[')) throw new MisplacedError(`${place} stands in a subscript`);
    if (/\$\w*$/.test(bare)) throw new MisplacedError(`${place} stands behind a $: leave it out`);
    this.#add(PLACE, PLACE);
    this.#at += place.length;
  }

  #backslash(at: number): void {
    if (this.#text[at] !== '\n') {
      const place = this.#places.get(at);
      if (place !== undefined) throw new MisplacedError(`${place} stands behind a backslash: leave it out`);
      this.#add(this.#text[at] ?? '', '"');
    }
    this.#at = at + 1;
  }

  #quoted(end: "'" | '"', from: number, escapes = end === '"'): void {
    const isAnsi = end === "'" && escapes;
    this.#add(isAnsi ? '$' : '', '"');
    let at = from;
    for (; at < this.#text.length && this.#text[at] !== end; at += 1) {
      const isEscaped = escapes && this.#text[at] === '\\';
      if (isEscaped) at += 1;
      const place = this.#places.get(at);
      if (place !== undefined)
        throw new MisplacedError(
          `${place} stands in quotes: leave them out, what is filled in is quoted already`,
        );
      const sign = this.#text[at] ?? '';
      if (!isEscaped && end === '"' && sign === '$' && this.#text[this.#next(at + 1)] === '(')
        throw new MisplacedError('the command has "$( … )"');
      if (!isEscaped || sign !== '\n') this.#add(sign, '');
    }
    this.#at = at + 1;
  }

  #dollar(next: number): void {
    const following = this.#text[next];
    if (following === '(') this.#open(next + 1, '$()');
    else if (following === "'") this.#quoted("'", next + 1, true);
    // Its own number, and no quote of the other kind begins behind it.
    else if (following === '$') {
      this.#add('$$', '$$.');
      this.#at = next + 1;
    } else this.#add('$', '$');
  }

  #comment(from: number): void {
    const end = this.#text.indexOf('\n', from);
    this.#at = end === -1 ? this.#text.length : end;
    for (const at of this.#places.keys())
      if (at > from && at < this.#at) throw new MisplacedError('{{…}} stands in a comment: leave it out');
  }

  #redirection(): void {
    // The number of a descriptor belongs to it.
    if (/^\d+$/.test(this.#word?.bare ?? '')) this.#word = undefined;
    this.#endWord();
    let operator = this.#text[this.#at - 1];
    for (let at = this.#next(this.#at); /[<>&|]/.test(this.#text[at] ?? ''); at = this.#next(at + 1)) {
      operator += this.#text[at]!;
      this.#at = at + 1;
    }
    // What is no number there bash reads twice, quotes or not.
    const target = this.#text.slice(this.#at).replaceAll('\\\n', '');
    if (operator?.endsWith('&') && !/^[ \t]*(?:\d+|-)(?=[\s;&|()<>]|$)/.test(target))
      throw new MisplacedError(`the command has ${operator} before a word, which the shell reads twice`);
    if (this.#text[this.#at] !== '(') this.#isTarget = true;
  }

  #open(at: number, shown?: string): void {
    if (shown === undefined) this.#endCommand();
    else this.#add(shown, shown);
    const isSubstitution = shown !== undefined;
    this.#frames.push({ words: this.#words, word: this.#word, isTarget: this.#isTarget, isSubstitution });
    this.#words = [];
    this.#word = undefined;
    this.#isTarget = false;
    this.#at = at;
  }

  #close(): void {
    this.#endCommand();
    const frame = this.#frames.pop();
    if (!frame?.isSubstitution) return;
    this.#words = frame.words;
    this.#word = frame.word;
    this.#isTarget = frame.isTarget;
  }

  #add(plain: string, bare: string): ShellWord {
    this.#word ??= { plain: '', bare: '' };
    this.#word.plain += plain;
    this.#word.bare += bare;
    return this.#word;
  }

  #endWord(): void {
    if (!this.#word) return;
    // Its patterns end with a bracket that nothing opens.
    if (this.#word.bare === 'case' && this.#frames.some(({ isSubstitution }) => isSubstitution))
      throw new MisplacedError('the command has a case in $( … )');
    if (!this.#isTarget) this.#words.push(this.#word);
    this.#isTarget = false;
    this.#word = undefined;
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#words.length > 0) this.#commands.push(this.#words);
    this.#words = [];
    this.#isTarget = false;
  }
}
