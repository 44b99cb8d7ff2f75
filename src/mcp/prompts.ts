import type { Prompt } from '@modelcontextprotocol/sdk/types.js';
import { ToolServerError } from '../core/errors.js';
import type { ServerPrompts as Contract, ServerPrompt } from '../core/tool-servers.js';
import { untilAborted } from '../core/until-aborted.js';
import { modelText } from '../tools/model-text.js';
import { bounded, textOf } from './content.js';
import { errorText } from './error-text.js';
import { withOwnSignal } from './own-signal.js';
import type { Server } from './server.js';

const LONGEST_DESCRIPTION = 200;
/** What a command may be called. */
const promptName = /^[\w.-]+$/;

/** The prompts of all servers, as commands of the chat. */
export class ServerPrompts implements Contract {
  readonly #servers: () => readonly Server[];

  constructor(servers: () => readonly Server[]) {
    this.#servers = servers;
  }

  list(): readonly ServerPrompt[] {
    return this.#servers().flatMap(({ name, prompts }) =>
      prompts.filter((prompt) => promptName.test(prompt.name)).map((prompt) => described(name, prompt)),
    );
  }

  async text(name: string, given: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
    const [serverName = '', ...rest] = name.split(':');
    const server = this.#servers().find((one) => one.name === serverName);
    if (!server) throw new ToolServerError(serverName, `There is no MCP server ${serverName}.`);
    const { client, sdk } = await untilAborted(server.connection(), signal);
    const params = { name: rest.join(':'), arguments: { ...given } };
    try {
      const { messages } = await withOwnSignal(signal, (own) =>
        client.request({ method: 'prompts/get', params }, sdk.GetPromptResultSchema, { signal: own }),
      );
      return await bounded(messages.map(({ content }) => textOf(content)).join('\n\n'));
    } catch (error) {
      throw new ToolServerError(
        serverName,
        `The MCP server ${serverName} gave no prompt: ${errorText(error)}`,
        {
          advice: '/mcp shows what it has.',
          cause: error,
        },
      );
    }
  }
}

function described(server: string, prompt: Prompt): ServerPrompt {
  const text = modelText(prompt.description ?? prompt.title ?? '').replaceAll(/\s+/g, ' ');
  const described = (prompt.arguments ?? []).map(({ name, required }) => ({
    name: modelText(name),
    required: required === true,
  }));
  return {
    name: `${server}:${prompt.name}`,
    description: text.slice(0, LONGEST_DESCRIPTION) || `a prompt of the MCP server ${server}`,
    arguments: described,
  };
}
