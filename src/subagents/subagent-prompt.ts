import type { Prompt, PromptCoordinator } from '../core/coordinator.js';
import type { PromptContext } from '../core/extension.js';
import type { AgentType } from './agent-type.js';

const always = `# You are a subagent
Another agent gave you this job and reads nothing but your last message: put all that it needs into it, and no more. Nobody answers questions; decide yourself and say what you assumed.`;

/** The prompt of the parent, with all that a project or a company demands, and behind it what the subagent is. */
export function subagentPrompt(
  type: AgentType,
  {
    prompt,
    parentId,
    parentTurnId,
  }: { readonly prompt: PromptCoordinator; readonly parentId: string; readonly parentTurnId: string },
): PromptCoordinator {
  const own = [always, type.prompt].filter((text) => text !== '').join('\n\n');
  // Contributors know the parent's turn: what they say stays the same within it.
  const known = (context: PromptContext) => ({ ...context, sessionId: parentId, turnId: parentTurnId });
  const build = async (context: PromptContext): Promise<Prompt> => {
    const built = prompt.buildPrompt
      ? await prompt.buildPrompt(known(context))
      : { system: await prompt.buildSystemPrompt(known(context)), volatile: '' };
    return { system: `${built.system}\n\n${own}`, volatile: built.volatile };
  };
  return {
    buildPrompt: build,
    async buildSystemPrompt(context) {
      const { system, volatile } = await build(context);
      return volatile === '' ? system : `${system}\n\n${volatile}`;
    },
  };
}
