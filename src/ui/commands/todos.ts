import { latestTodos, todoProgress } from '../../core/todos.js';
import { todoRows } from '../todo-rows.js';
import { type Command, info, output } from './command.js';

export const todos: Command = {
  name: 'todos',
  describe: 'the steps that the model has written down',
  run({ port, sessionId, columns }) {
    const found = latestTodos(port.coordinators.context.getContext(sessionId).messages);
    if (!found || found.todos.length === 0) return info('The model has written no list of steps down.');
    const rows = todoRows(found.todos, columns, '');
    const lines = rows.map((row) => row.map(({ text }) => text).join(''));
    return output(`Steps, ${todoProgress(found.todos)}`, lines);
  },
};
