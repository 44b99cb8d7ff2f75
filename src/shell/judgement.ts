/** What the table of a command says about its words. */
export type Judgement =
  | {
      readonly paths: readonly string[];
      /** Only for paths whose content is shown: those may hold secrets. Everything in `paths` by default. */
      readonly shown?: readonly string[];
      /** The words to run instead: with options that keep secrets out of what is shown. */
      readonly guarded?: readonly string[];
    }
  | { readonly unsure: string };

/** Judges the words behind a command's name. */
export type Judge = (words: readonly string[]) => Judgement;
