/** One row of the table, for each dialect. */
export interface FaultRow {
  /** The case of the threat model. */
  readonly id: string;
  readonly words: string;
  /** Takes long, or bounds a time that a busy machine cannot keep: runs with VICTOR_TEST_LONG only. */
  readonly long?: true;
}

export function titleOf({ id, words }: FaultRow): string {
  return `${id}: ${words}`;
}
