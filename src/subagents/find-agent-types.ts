import { readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readRegularFile } from '../config/read-regular-file.js';
import { isInside } from '../config/workspace-root.js';
import { type AgentType, builtInTypes } from './agent-type.js';
import { readAgentType } from './read-agent-type.js';

export interface AgentFolders {
  /** Absolute paths of the user's own folders. */
  readonly own: readonly string[];
  /** Absolute path of a workspace that the user trusts; absent for any other, which brings none. */
  readonly workspace?: string | undefined;
}

export interface FoundAgentTypes {
  readonly types: readonly AgentType[];
  /** Files that define none, a line each. */
  readonly notices: readonly string[];
}

/** Below a workspace, ours and where people keep those of other programs; of one name the first counts. */
const projectFolders = ['.victor/agents', '.agents/agents', '.claude/agents'] as const;
const MOST_FILES = 50;
const MOST_TYPES = 30;
const MAX_BYTES = 64 * 1024;

/**
 * The kinds of subagents there are: the user's own, the built-in ones, then the workspace's. A workspace never stands in for
 * what the user, or Victor, calls by that name.
 */
export function findAgentTypes({ own, workspace }: AgentFolders): FoundAgentTypes {
  const types = new Map<string, AgentType>();
  const notices: string[] = [];
  const add = (type: AgentType) => {
    if (!types.has(type.name) && types.size < MOST_TYPES) types.set(type.name, type);
  };
  const read = (folder: string, within: string | undefined) => {
    if (within !== undefined && leadsOut(folder, within)) {
      notices.push(`The agents in ${folder} are left out: it is a link that leaves the workspace.`);
      return;
    }
    for (const file of filesIn(folder)) {
      const result = readRegularFile(file, { maxBytes: MAX_BYTES, within });
      if (!result.ok) {
        if (!result.missing) notices.push(`The agent ${file} ${result.reason}; it is left out.`);
        continue;
      }
      const found = readAgentType(result.text, file, basename(file, '.md'), {
        anyModel: within === undefined,
      });
      if ('type' in found) add(found.type);
      else notices.push(`The agent ${file} is left out: ${found.problem}.`);
    }
  };
  for (const folder of own) read(folder, undefined);
  for (const type of builtInTypes) add(type);
  if (workspace !== undefined) for (const folder of projectFolders) read(join(workspace, folder), workspace);
  return { types: [...types.values()], notices };
}

function leadsOut(folder: string, within: string): boolean {
  try {
    return !isInside(realpathSync.native(folder), realpathSync.native(within));
  } catch {
    return false;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
    return names
      .sort()
      .slice(0, MOST_FILES)
      .map((name) => join(folder, name));
  } catch {
    // Hardly anybody has one.
    return [];
  }
}
