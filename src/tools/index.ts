import type { Tool } from '../core/tool.js';
import { type BashToolOptions, createBashTool } from './bash.js';
import { createEditTool } from './edit.js';
import { createGlobTool } from './glob.js';
import { createGrepTool } from './grep.js';
import { createListTool } from './list.js';
import { createReadTool } from './read.js';
import { createWriteTool } from './write.js';

/** The tools every session has, in the one order in which models see them. `options` are those of commands. */
export function coreTools(options: BashToolOptions = {}): Tool[] {
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
