export interface LongAnswer {
  readonly name: string;
  readonly text: string;
  readonly chunks: number;
}

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${word} ${String(at + 1).padStart(7, '0')}`);

/** As fast as they are taken. */
export const longAnswers: readonly LongAnswer[] = [
  {
    name: '100,000 lines',
    text: numbered('A line of an answer that is very long:', 100_000).join('\n'),
    chunks: 20_000,
  },
  { name: '10 MB in one line', text: numbered('word', 10_000_000 / 13).join(' '), chunks: 20_000 },
];
