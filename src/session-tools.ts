import { join } from 'node:path';
import type { LoadedConfig } from './config/load.js';
import { homeDirectory } from './config/paths.js';
import type { Settings } from './config/schema.js';
import { withoutSecrets } from './config/secret-variables.js';
import { createSkillsContributor } from './contributors/skills.js';
import type { Tool } from './core/tool.js';
import { openSkills } from './open-prompt-commands.js';
import { skillText } from './prompt-commands/skill-text.js';
import { CommandSandbox } from './sandbox/command-sandbox.js';
import { type FoundAgentTypes, findAgentTypes } from './subagents/find-agent-types.js';
import type { Subagents } from './subagents/subagents.js';
import { createApplyPatchTool } from './tools/apply-patch.js';
import { createAskUserTool } from './tools/ask-user.js';
import type { TaskList } from './tools/background/task-list.js';
import { createTaskOutputTool, createTaskStopTool } from './tools/background/task-tools.js';
import { createGitDiffTool, createGitStatusTool } from './tools/git.js';
import { coreTools } from './tools/index.js';
import { createPlanTool } from './tools/plan.js';
import { createSkillTool } from './tools/skill.js';
import { createTaskTool } from './tools/task.js';
import { createTodoWriteTool } from './tools/todo-write.js';
import { createWebFetchTool } from './tools/web-fetch.js';
import type { LoadedExtensions } from './wiring.js';

interface ToolsOptions {
  /** Absolute path to work in. */
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether somebody can be asked. */
  readonly onApproval?: unknown;
}

interface GivenToTools {
  readonly background: TaskList;
  readonly tasks: readonly Tool[];
  readonly hookFiles: readonly string[] | undefined;
}

/** The tools of a session: the built-in ones, subagents where they are wanted, and what the settings name. */
export function allTools(
  loaded: readonly Tool[],
  settings: Settings,
  { workspaceRoot, paths }: LoadedConfig,
  { background, tasks, hookFiles }: GivenToTools,
  { cwd, environment = process.env, onApproval }: ToolsOptions,
): Tool[] {
  const confinement = new CommandSandbox({ settings, environment, cwd, workspaceRoot, paths, hookFiles });
  // Commands get none of the keys that settings name, whatever their variables are called.
  const core = coreTools({
    environment: withoutSecrets(environment, settings),
    commandEnvironment: settings.commandEnvironment,
    confinement,
    background,
  });
  // The list never depends on the mode, which changes; whether somebody can be asked does not change.
  const asking = onApproval ? [createPlanTool(), createAskUserTool()] : [];
  const others = [
    createGitStatusTool(),
    createGitDiffTool(),
    createApplyPatchTool(),
    createWebFetchTool(),
    createTodoWriteTool(),
    createTaskOutputTool(background),
    createTaskStopTool(background),
  ];
  return [...core, ...(asking as Tool[]), ...(others as Tool[]), ...tasks, ...loaded];
}

/** The kinds of subagents that are defined where the user, or a folder that they trust, says so. */
export async function agentTypes(
  { trusted, workspaceRoot, paths }: LoadedConfig,
  { environment = process.env }: Pick<ToolsOptions, 'environment'>,
): Promise<FoundAgentTypes> {
  const home = homeDirectory(environment);
  // Who moves Victor elsewhere has everything there.
  const shared = environment.VICTOR_HOME
    ? []
    : [join(home, '.agents', 'agents'), join(home, '.claude', 'agents')];
  const own = [join(paths.configDirectory, 'agents'), ...shared];
  return findAgentTypes({ own, ...(trusted ? { workspace: workspaceRoot } : {}) });
}

export function taskTools(agents: FoundAgentTypes | undefined, subagents: Subagents): readonly Tool[] {
  if (!agents) return [];
  const { types } = agents;
  return [createTaskTool({ types, run: (input, context) => subagents.run(types, input, context) }) as Tool];
}

export interface Skilled {
  extensions(loaded: LoadedExtensions): LoadedExtensions;
  tools(all: readonly Tool[]): readonly Tool[];
  /** A sentence for each that is left out. */
  readonly problems: readonly string[];
}

/** Adds what lets a model know and load skills, where there are any at the start. */
export async function withSkills(config: LoadedConfig, cwd: string): Promise<Skilled> {
  const { skills, problems } = await openSkills(config, cwd);
  if (!skills) return { extensions: (loaded) => loaded, tools: (all) => all, problems };
  const contributor = createSkillsContributor(skills);
  const tool = createSkillTool(skills, skillText) as Tool;
  return {
    extensions: (loaded) => ({ ...loaded, contributors: [...(loaded.contributors ?? []), contributor] }),
    tools: (all) => (all.some(({ name }) => name === tool.name) ? all : [...all, tool]),
    problems,
  };
}
