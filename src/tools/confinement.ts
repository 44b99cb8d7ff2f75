/** What runs commands of a model in a box. */
export interface Confinement {
  /**
   * The argument list that runs `argv` confined; `readable` are paths that it may read wherever they lie. Throws a
   * `VictorError` when the command must not run.
   */
  confine(
    argv: readonly [program: string, ...args: string[]],
    readable: readonly string[],
  ): Promise<Confined>;
}

export interface Confined {
  readonly argv: readonly [program: string, ...args: string[]];
  /** What the program reads from descriptors 3, 4 and so on. */
  readonly texts?: readonly string[];
  /**
   * It is ended by force: a signal that asks reaches the box alone, and one that ends before it has tied its command to
   * itself leaves that behind.
   */
  readonly byForce?: true;
  /** For whoever reads the result. */
  readonly remarks: readonly string[];
  /** Called once, when nothing of the command is left. Answers more remarks. */
  release(failed: boolean): readonly string[];
}
