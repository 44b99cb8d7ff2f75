export interface Node {
  readonly scope?: string;
  readonly children: readonly (Node | string)[];
}

/** What highlight.js answers besides HTML. */
export interface Answer {
  readonly _emitter: { readonly rootNode: Node };
  /** The mode it stopped in; only that of the whole language has no parent. */
  readonly _top?: { readonly parent?: unknown };
}

/** highlight.js with the languages that are coloured. */
export const highlighter: {
  highlight(code: string, options: { readonly language: string; readonly ignoreIllegals: boolean }): Answer;
};
