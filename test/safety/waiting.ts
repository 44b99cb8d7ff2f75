export interface Waiting {
  /** The case, as `cases.ts` names it. */
  readonly id: string;
  /** What of it does not hold yet. */
  readonly part: string;
  /** What will make it hold. */
  readonly waitsFor: string;
}

/** Cases of the threat model, or parts of them, whose subject is not there yet. An entry goes as soon as it is. */
export const waiting: readonly Waiting[] = [
  { id: 'P20', part: 'archives whose names lead out', waitsFor: 'a tool that extracts archives' },
  { id: 'K14', part: 'asking before a session is shared', waitsFor: 'a command that shares one' },
];
