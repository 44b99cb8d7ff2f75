/** How /help orders the commands. One that stands nowhere comes last, under Others. */
export const groups: readonly { readonly title: string; readonly names: readonly string[] }[] = [
  { title: 'Start', names: ['help', 'init', 'run', 'model', 'mode', 'quit'] },
  {
    title: 'Conversation',
    names: [
      'clear',
      'compact',
      'uncompact',
      'context',
      'copy',
      'expand',
      'export',
      'search',
      'rename',
      'tag',
      'fork',
      'sessions',
    ],
  },
  { title: 'Changes in files', names: ['diff', 'undo', 'redo', 'rewind', 'expand'] },
  {
    title: 'What holds and what happened',
    names: ['status', 'todos', 'tasks', 'cost', 'stats', 'tools', 'mcp', 'hooks', 'permissions', 'why'],
  },
  { title: 'Settings', names: ['config', 'reload', 'theme', 'doctor'] },
];
