/** A search through earlier messages, newest first, as in readline. */
export interface HistorySearch {
  readonly query: string;
  /** Which message of the history is shown; none before anything was found. */
  readonly found: number | undefined;
  /** There is no such message, or none further on while one is shown. */
  readonly failed: boolean;
}

export type SearchAction =
  | { readonly type: 'query'; readonly query: string }
  | { readonly type: 'older' | 'newer' }
  /** So many older messages have come to the front of the history. */
  | { readonly type: 'grown'; readonly by: number };

export const newSearch: HistorySearch = { query: '', found: undefined, failed: false };

/** The search after one action over this history, oldest first. Pure. */
export function reduceSearch(
  search: HistorySearch,
  action: SearchAction,
  history: readonly string[],
): HistorySearch {
  const { query, found } = search;
  switch (action.type) {
    case 'query':
      return narrow(search, action.query, history);
    case 'older':
      return goTo(search, history, (found ?? history.length) - 1, -1);
    case 'newer':
      return goTo(search, history, (found ?? history.length) + 1, 1);
    case 'grown':
      return found === undefined
        ? reduceSearch(search, { type: 'query', query }, history)
        : { ...search, found: found + action.by };
  }
}

/** Where in a text the query is: in this case of letters where it has capitals, in any otherwise. */
export function matchIn(
  text: string,
  query: string,
): { readonly start: number; readonly end: number } | undefined {
  const literal = query.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const match = new RegExp(literal, /\p{Lu}/u.test(query) ? 'u' : 'iu').exec(text);
  return match ? { start: match.index, end: match.index + match[0].length } : undefined;
}

/** A longer query goes on from the message that is shown; any other, and one that is not found, begins at the newest. */
function narrow(search: HistorySearch, query: string, history: readonly string[]): HistorySearch {
  const anew: HistorySearch = { query, found: undefined, failed: false };
  if (query === '') return anew;
  const { found } = search;
  const goesOn = found !== undefined && query.startsWith(search.query);
  const further = goesOn ? goTo({ ...anew, found }, history, found, -1) : undefined;
  return further && !further.failed ? further : goTo(anew, history, history.length - 1, -1);
}

/** To the first message from `from` on that has the query and is not the same as the one that is shown. */
function goTo(search: HistorySearch, history: readonly string[], from: number, step: 1 | -1): HistorySearch {
  const { query, found } = search;
  const shown = found === undefined ? undefined : history[found];
  for (let index = from; index >= 0 && index < history.length; index += step) {
    const text = history[index] ?? '';
    if (index !== found && text === shown) continue;
    if (matchIn(text, query)) return { query, found: index, failed: false };
  }
  return { ...search, failed: true };
}
