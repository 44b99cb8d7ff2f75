export interface Waiting {
  /** What does not hold yet. */
  readonly case: string;
  /** The part that will make it hold. */
  readonly waitsFor: string;
}

/** Cases of the threat model whose subject is not there yet. An entry goes as soon as its part is there. */
export const waiting: readonly Waiting[] = [
  {
    case: 'K03 a key that wraps over lines',
    waitsFor: 'a redaction that looks through line ends; keys cut between chunks are found',
  },
  {
    case: 'K07 child environments from an allow-list',
    waitsFor: 'a setting that names what else commands may see',
  },
  { case: 'K14 an export lists what was taken out', waitsFor: 'a redaction that counts' },
];
