/** What the chat's own commands are called, for who must know it without loading them; a test compares. */
export const commandNames: ReadonlySet<string> = new Set([
  ...['clear', 'new', 'compact', 'config', 'context', 'copy', 'cost', 'diff', 'doctor', 'expand', 'export'],
  ...['fork', 'help', '?', 'hooks', 'init', 'mcp', 'mode', 'model', 'permissions', 'quit', 'exit', 'q'],
  ...['redo', 'reload', 'rename', 'rewind', 'run', 'search', 'sessions', 'resume', 'stats', 'status', 'tag'],
  ...['tasks', 'theme', 'todos', 'tools', 'uncompact', 'undo', 'why'],
]);
