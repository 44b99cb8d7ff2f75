import { currentTodo, type Todo, todoProgress } from '../core/todos.js';
import { clip, oneLine } from './displayable.js';
import type { Span, SpanStyle } from './spans.js';

const looks: Readonly<Record<Todo['status'], readonly [mark: string, word: string, style: SpanStyle]>> = {
  completed: ['☑ ', 'done: ', 'dim'],
  in_progress: ['→ ', 'now: ', 'bold'],
  pending: ['☐ ', 'to do: ', 'plain'],
};

/** A list of steps, a row each, with the state of each. `spoken`: words in place of marks. */
export function todoRows(todos: readonly Todo[], columns: number, indent: string, spoken = false): Span[][] {
  return todos.map(({ content, status }) => {
    const [mark, word, style] = looks[status];
    return [{ text: clip(`${indent}${spoken ? word : mark}${oneLine(content)}`, columns), style }];
  });
}

/** Cells of the step that the model is at. */
const mostStep = 50;

/** Behind what the model does, how far its list is and which step it is at; nothing without a list. */
export function stepText(todos: readonly Todo[]): string {
  const current = currentTodo(todos);
  return current ? ` · ${todoProgress(todos)} · ${clip(oneLine(current.content), mostStep)}` : '';
}
