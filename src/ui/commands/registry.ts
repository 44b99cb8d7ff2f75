import { clear } from './clear.js';
import type { Command } from './command.js';
import { compact } from './compact.js';
import { config } from './config.js';
import { context } from './context.js';
import { copy } from './copy.js';
import { cost } from './cost.js';
import { diff } from './diff.js';
import { doctor } from './doctor.js';
import { expand } from './expand.js';
import { exportCommand } from './export.js';
import { fork } from './fork.js';
import { help } from './help.js';
import { hooks } from './hooks.js';
import { init } from './init.js';
import { mcp } from './mcp.js';
import { mode } from './mode.js';
import { model } from './model.js';
import { permissions } from './permissions.js';
import { quit } from './quit.js';
import { redo } from './redo.js';
import { reload } from './reload.js';
import { rename } from './rename.js';
import { rewind } from './rewind.js';
import { run } from './run.js';
import { search } from './search.js';
import { sessions } from './sessions.js';
import { stats } from './stats.js';
import { status } from './status.js';
import { tag } from './tag.js';
import { tasks } from './tasks.js';
import { theme } from './theme.js';
import { todos } from './todos.js';
import { tools } from './tools.js';
import { uncompact } from './uncompact.js';
import { undo } from './undo.js';
import { why } from './why.js';

/** Every slash command, in the order of /help. */
export const commands: readonly Command[] = [
  help,
  clear,
  model,
  mode,
  sessions,
  search,
  rename,
  tag,
  fork,
  exportCommand,
  compact,
  uncompact,
  context,
  copy,
  cost,
  stats,
  status,
  permissions,
  doctor,
  init,
  run,
  why,
  config,
  theme,
  tools,
  mcp,
  hooks,
  reload,
  expand,
  todos,
  tasks,
  diff,
  undo,
  redo,
  rewind,
  quit,
];
