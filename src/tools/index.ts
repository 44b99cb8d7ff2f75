import type { Tool } from '../core/tool.js';
import { createBashTool } from './bash.js';
import { createEditTool } from './edit.js';
import { createGlobTool } from './glob.js';
import { createGrepTool } from './grep.js';
import { createListTool } from './list.js';
import { createReadTool } from './read.js';
import { createWriteTool } from './write.js';

/** The tools every session has, in the one order in which models see them. Commands start from `environment`. */
export function coreTools(options: { readonly environment?: NodeJS.ProcessEnv } = {}): Tool[] {
  return [
    createReadTool(),
    createWriteTool(),
    createEditTool(),
    createBashTool(options),
    createGlobTool(),
    createGrepTool(),
    createListTool(),
  ] as Tool[];
}

/** The core tools that change nothing. */
export function readOnlyTools(): Tool[] {
  return [createReadTool(), createGlobTool(), createGrepTool(), createListTool()] as Tool[];
}
