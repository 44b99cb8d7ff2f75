import type { ReactElement } from 'react';
import type { Todo } from '../../core/todos.js';
import { useAppearance } from '../appearance-context.js';
import { todoRows } from '../todo-rows.js';
import { Rows } from './rows.js';

export interface TodoListProps {
  readonly todos: readonly Todo[];
  readonly columns: number;
}

/** The steps of a task below the call that wrote them. */
export function TodoList({ todos, columns }: TodoListProps): ReactElement | null {
  return <Rows rows={todoRows(todos, columns, '    ', useAppearance().spoken)} />;
}
