export interface Waiting {
  /** What does not hold yet. */
  readonly case: string;
  /** The part that will make it hold. */
  readonly waitsFor: string;
}

/** Cases of the threat model whose subject is not there yet. An entry goes as soon as its part is there. */
export const waiting: readonly Waiting[] = [
  {
    case: 'injection: change-victorrc in accept-edits',
    waitsFor: 'protected paths in the permission coordinator',
  },
  {
    case: 'injection: change-git in accept-edits',
    waitsFor: 'protected paths in the permission coordinator',
  },
  { case: 'injection: read-env in any mode', waitsFor: 'secret paths in the permission coordinator' },
];
