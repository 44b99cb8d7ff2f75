/** Marks that people type in place of what a file has, or that models write in place of what they read. */
const plainMarks: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018-\u201b]/g, "'"],
  [/[\u201c-\u201f]/g, '"'],
  [/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, ' '],
];

/** What two lines are compared by, strictest first. */
const readings: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => plainMarks.reduce((text, [mark, plain]) => text.replace(mark, plain), line).trim(),
];

/** Finds neighbouring lines in a text, the strictest reading first; what a reading makes of the text is made once. */
export class LineSeeker {
  readonly #lines: readonly string[];
  readonly #read: (readonly string[])[] = [];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** Where `wanted` begins, at `from` or below it; `atEnd`: at the very end if it is there. */
  find(wanted: readonly string[], from: number, atEnd = false): number | undefined {
    for (const [reading, read] of readings.entries()) {
      const lines = this.#linesAs(reading);
      const sought = wanted.map(read);
      const last = lines.length - sought.length;
      const holds = (start: number) => sought.every((line, index) => lines[start + index] === line);
      if (atEnd && last >= from && holds(last)) return last;
      for (let start = from; start <= last; start += 1) if (holds(start)) return start;
    }
    return undefined;
  }

  #linesAs(reading: number): readonly string[] {
    const known = this.#read[reading];
    if (known) return known;
    const lines = reading === 0 ? this.#lines : this.#lines.map(readings[reading]!);
    this.#read[reading] = lines;
    return lines;
  }
}
