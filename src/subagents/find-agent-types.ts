import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promptFolders } from '../config/prompt-folders.js';
import { readMarkdown } from '../front-matter/markdown-files.js';
import { isSameFile, openPlaces, type Place } from '../front-matter/place.js';
import { type AgentType, builtInTypes } from './agent-type.js';
import { readAgentType } from './read-agent-type.js';

export interface AgentFolders {
  /** Absolute paths of the user's own folders. */
  readonly own: readonly string[];
  /** Real path of a workspace that the user trusts; absent for any other, which brings none. */
  readonly workspace?: string | undefined;
}

/** Sentences begin with the file and end with what to do. */
export interface FoundAgentTypes {
  readonly types: readonly AgentType[];
  /** Files that define none, or not what they seem to. */
  readonly problems: readonly string[];
  /** What does not count of files that are used all the same. */
  readonly remarks: readonly string[];
}

const MOST_FILES = 50;
const MOST_TYPES = 30;

/**
 * The kinds of subagents there are: the user's own, the built-in ones, then the workspace's. A workspace never stands in for
 * what the user, or Victor, calls by that name.
 */
export async function findAgentTypes({ own, workspace }: AgentFolders): Promise<FoundAgentTypes> {
  const types = new Map<string, AgentType>();
  const problems: string[] = [];
  const remarks: string[] = [];
  const add = (type: AgentType, file: string) => {
    const before = types.get(type.name);
    if (before?.file !== undefined && isSameFile(before.file, file)) return;
    if (before)
      problems.push(
        `${file}: not used, because ${before.file ?? "an agent of Victor's own"} has the name ${type.name}. Rename ${before.file === undefined ? 'yours' : 'one of them'}.`,
      );
    else if (types.size >= MOST_TYPES)
      problems.push(`${file}: not used, because there are ${MOST_TYPES} agents before it. Remove one.`);
    else types.set(type.name, type);
  };
  const read = async (places: readonly Place[]) => {
    for (const { directory, within } of openPlaces(places, problems)) {
      for (const file of filesIn(directory, problems)) {
        const content = await readMarkdown(file, { within });
        if (!content) continue;
        if (!content.ok || content.problem !== undefined) {
          problems.push(`${content.problem} The agent is left out.`);
          continue;
        }
        const found = readAgentType(content, file, basename(file, '.md'), { anyModel: within === undefined });
        if ('problem' in found) {
          problems.push(found.problem);
          continue;
        }
        problems.push(...found.mistakes);
        remarks.push(...found.remarks);
        add(found.type, file);
      }
    }
  };
  await read(own.map((directory) => ({ directory, origin: 'user' })));
  for (const type of builtInTypes) if (!types.has(type.name)) types.set(type.name, type);
  if (workspace !== undefined)
    await read(
      promptFolders.agents.map((folder) => ({
        ...{ directory: join(workspace, folder), origin: 'project', within: workspace },
      })),
    );
  return { types: [...types.values()], problems, remarks };
}

function filesIn(folder: string, problems: string[]): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
    if (names.length > MOST_FILES)
      problems.push(
        `${folder}: only the first ${MOST_FILES} of ${names.length} agents are read. Remove what nobody uses.`,
      );
    return names
      .sort()
      .slice(0, MOST_FILES)
      .map((name) => join(folder, name));
  } catch {
    // Hardly anybody has one.
    return [];
  }
}
