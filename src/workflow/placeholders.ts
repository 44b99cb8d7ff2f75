import { dataBlock } from '../core/data-block.js';

/** What placeholders stand for. */
export interface PlaceholderValues {
  readonly input: string;
  /** What a step before has put out; empty for one that was skipped. */
  readonly output: (step: string) => string;
}

const anyPlaceholder = /\{\{\s*([^{}]*?)\s*\}\}/g;
const stepOutput = /^steps\.([A-Za-z0-9_-]+)\.output$/;

/** Each `{{…}}` of a text; `step` is the one whose output is meant, and without it and without `input` nobody knows what is. */
export interface Placeholder {
  readonly text: string;
  readonly at: number;
  readonly input: boolean;
  readonly step?: string;
}

/** Those that Victor fills in: `{{input}}` and `{{steps.NAME.output}}`. Anything else in braces is the text's own. */
export function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(anyPlaceholder)].flatMap(({ 0: whole, 1: inner = '', index: at }) => {
    const step = stepOutput.exec(inner)?.[1];
    if (inner !== 'input' && !inner.startsWith('steps.')) return [];
    return [{ text: whole, at, input: inner === 'input', ...(step === undefined ? {} : { step }) }];
  });
}

/** The input as it is, because the user wrote it; what steps put out as labelled data, which cannot end its block. */
export function fillPrompt(text: string, values: PlaceholderValues): string {
  return fill(text, (step) =>
    step === undefined ? values.input : `\n${dataBlock('output', values.output(step), { step })}\n`,
  );
}

/** Every value becomes one word of the shell, whatever is in it. Only right where `placeInQuotes` finds nothing. */
export function fillCommand(text: string, values: PlaceholderValues): string {
  // Output ends with a line end, as a shell's own substitution drops it.
  const isPlain = !/[{}]/.test(text.replaceAll(anyPlaceholder, ''));
  return fill(text, (step) =>
    shellWord(step === undefined ? values.input : values.output(step).replace(/(?:\r?\n)+$/, ''), isPlain),
  );
}

/** One pass, so that what is filled in is never filled in itself. */
function fill(text: string, filledIn: (step: string | undefined) => string): string {
  return text.replaceAll(anyPlaceholder, (whole, inner: string) => {
    if (inner === 'input') return filledIn(undefined);
    const step = stepOutput.exec(inner)?.[1];
    return step === undefined ? whole : filledIn(step);
  });
}

/** Means itself wherever it stands, also as a part of a word: no number of a descriptor, no word of the shell's own. */
const meansItself = /^(?![0-9]+$|[a-z]+$)[A-Za-z0-9_./:-]+$/;

/**
 * Quoted in the way that is read exactly by whoever judges the command, where there is one. No program takes a zero byte in
 * an argument.
 */
function shellWord(given: string, isPlain: boolean): string {
  const value = given.replaceAll('\0', '');
  if (isPlain && meansItself.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!/["$`\\!]/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
