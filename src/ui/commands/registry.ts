import { clear } from './clear.js';
import type { Command } from './command.js';
import { compact } from './compact.js';
import { config } from './config.js';
import { cost } from './cost.js';
import { help } from './help.js';
import { mode } from './mode.js';
import { model } from './model.js';
import { quit } from './quit.js';
import { reload } from './reload.js';
import { resume } from './resume.js';
import { sessions } from './sessions.js';
import { tools } from './tools.js';
import { undo } from './undo.js';

/** Every slash command, in the order of /help. */
export const commands: readonly Command[] = [
  help,
  clear,
  model,
  mode,
  sessions,
  resume,
  compact,
  cost,
  config,
  tools,
  reload,
  undo,
  quit,
];
