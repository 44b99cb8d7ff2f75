import type { Tool } from '../core/tool.js';

/** A kind of subagent: what it is for, what it is told and which tools it has. */
export interface AgentType {
  readonly name: string;
  /** What the model reads to choose one. */
  readonly description: string;
  /** Goes behind the system prompt. */
  readonly prompt: string;
  /** Names of tools; every tool of the session when absent. Those that the session has not are left out. */
  readonly tools?: readonly string[];
  /** Names of tools that it has not, whatever else is said. */
  readonly withoutTools?: readonly string[];
  /** Only tools that read. */
  readonly readsOnly?: true;
  /** As `--model` takes it; that of the session when absent. */
  readonly model?: string;
  /** A project names the model: who answers stays the session's provider, whatever the name leads to. */
  readonly keepsProvider?: true;
  /** Absolute path of the file that defines it; absent for a built-in one. */
  readonly file?: string;
}

export const builtInTypes: readonly AgentType[] = [
  { name: 'general', description: 'any job', prompt: '' },
  {
    name: 'explore',
    description: 'finds and reads only',
    prompt:
      'You only look: find what is asked for, read it, and answer with paths and lines. Change nothing.',
    readsOnly: true,
  },
];

/** Tools that talk to the user, keep the list of the session's tasks, find tools, or would nest. */
const never: ReadonlySet<string> = new Set(['Task', 'Plan', 'AskUser', 'TodoWrite', 'find_tools']);

/** What of a session's tools a subagent may call, in their order: never one more. */
export function toolsOf(
  type: Pick<AgentType, 'tools' | 'withoutTools' | 'readsOnly'>,
  tools: readonly Tool[],
  most = Number.POSITIVE_INFINITY,
): readonly Tool[] {
  const wanted = type.tools && new Set(type.tools);
  const refused = new Set(type.withoutTools);
  const usable = tools.filter(
    ({ name, kind }) =>
      !never.has(name) &&
      !refused.has(name) &&
      (wanted?.has(name) ?? true) &&
      (!type.readsOnly || kind === 'read'),
  );
  // Too many to offer them all, and nobody has chosen.
  return wanted || usable.length <= most ? usable : usable.filter(({ core }) => core);
}
