import type { AvailableCommand } from '@agentclientprotocol/sdk';
import type { VictorEvent } from '../core/event.js';
import { promptArguments } from '../core/prompt-arguments.js';
import type { PromptCommands } from '../core/prompt-command.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import type { PromptContent } from './prompt-content.js';
import { Refusal } from './refusal.js';

const WORKFLOW = 'workflow:';

/** What a command comes to: the events of a turn, or a sentence for the user. */
export type CommandResult = AsyncIterable<VictorEvent> | string;

export interface CommandSources {
  readonly orchestrator: AgentOrchestrator;
  readonly prompts: PromptCommands | undefined;
}

export interface CommandCall extends Pick<PromptContent, 'images' | 'attachments'> {
  readonly sessionId: string;
  readonly signal: AbortSignal;
}

/** What the editor offers behind a slash. */
export function commandsOf({ orchestrator, prompts: files }: CommandSources): AvailableCommand[] {
  const workflows = orchestrator.coordinators.workflow.list();
  const prompts = orchestrator.toolServers?.prompts.list() ?? [];
  return [
    {
      name: 'compact',
      description: 'make the context smaller now, by what matters for the focus',
      input: { hint: 'focus' },
    },
    ...workflows.map(({ name, description }) => ({
      name: `${WORKFLOW}${name}`,
      description: description || `the workflow ${name}`,
      input: { hint: 'input' },
    })),
    ...(files?.list() ?? []).map(({ name, description, argumentHint }) => ({
      name,
      description,
      ...(argumentHint === undefined ? {} : { input: { hint: argumentHint } }),
    })),
    ...prompts.map(({ name, description, arguments: given }) => ({
      name,
      description,
      ...(given.length > 0 ? { input: { hint: given.map((one) => one.name).join(' ') } } : {}),
    })),
  ];
}

/** Runs the command that a prompt begins with; `undefined` where it begins with none that there is. */
export async function runCommand(
  text: string,
  { orchestrator, prompts: files }: CommandSources,
  { sessionId, signal, images, attachments }: CommandCall,
): Promise<CommandResult | undefined> {
  const [, name, rest = ''] = /^\s*\/(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const input = rest.trim();
  if (name === 'compact') return compact(orchestrator, sessionId, input);
  if (name.startsWith(WORKFLOW)) {
    const workflow = name.slice(WORKFLOW.length);
    const known = orchestrator.coordinators.workflow.list().some((one) => one.name === workflow);
    return known ? orchestrator.runWorkflow(workflow, input, { sessionId, signal }) : undefined;
  }
  const expanded = await files?.expand(name.toLowerCase(), input);
  if (expanded) {
    const { mentions } = expanded;
    return orchestrator.stream(expanded.text, { sessionId, signal, images, attachments, mentions });
  }
  const prompts = orchestrator.toolServers?.prompts;
  const prompt = prompts?.list().find((one) => one.name === name);
  if (!prompts || !prompt) return undefined;
  const given = promptArguments(
    input,
    prompt.arguments.map((one) => one.name),
  );
  const missing = prompt.arguments.filter((one) => one.required && given[one.name] === undefined);
  if (missing.length > 0)
    throw new Refusal('params', `/${name} needs ${missing.map((one) => one.name).join(', ')}.`);
  // The server's words: what they mention does not go along.
  return orchestrator.stream(await prompts.text(name, given, signal), { sessionId, signal });
}

async function compact(orchestrator: AgentOrchestrator, sessionId: string, focus: string): Promise<string> {
  const { changed, before, after, strategy } = await orchestrator.compact(sessionId, focus);
  return changed
    ? `Context compacted (${strategy}): ~${before.tokens} tokens -> ~${after.tokens} tokens.`
    : `Nothing to compact (${strategy}): ~${before.tokens} tokens stay as they are.`;
}
