import type { Attachment } from '../core/attachment.js';
import { dataBlock } from '../core/data-block.js';
import { ToolServerError } from '../core/errors.js';
import type { ServerResources as Contract } from '../core/tool-servers.js';
import { untilAborted } from '../core/until-aborted.js';
import { plural } from '../tools/model-text.js';
import { bounded, imagesOf, resourceText } from './content.js';
import { errorText } from './error-text.js';
import { withOwnSignal } from './own-signal.js';
import type { Server } from './server.js';
import { listResources } from './server-lists.js';

const LONGEST_ADDRESS = 500;

/** What servers have to read, by `server:uri`. */
export class ServerResources implements Contract {
  readonly #servers: () => readonly Server[];

  constructor(servers: () => readonly Server[]) {
    this.#servers = servers;
  }

  servers(): readonly string[] {
    return this.#servers()
      .filter(({ status }) => status.state === 'ready' && status.resources)
      .map(({ name }) => name);
  }

  async list(serverName: string, signal: AbortSignal): Promise<readonly string[]> {
    const server = this.#serverOf(serverName);
    const connection = await untilAborted(server.connection(), signal);
    try {
      const uris = await untilAborted(listResources(connection, signal), signal);
      return uris.filter(isAddress).map((uri) => `${serverName}:${uri}`);
    } catch (error) {
      throw new ToolServerError(serverName, errorText(error), { cause: error });
    }
  }

  isOne(name: string): boolean {
    const [server, uri] = parts(name);
    return uri !== '' && this.#servers().some((one) => one.name === server);
  }

  async read(name: string, signal: AbortSignal): Promise<Attachment> {
    const [serverName, uri] = parts(name);
    const server = this.#serverOf(serverName);
    const { client, sdk } = await untilAborted(server.connection(), signal);
    try {
      const request = { method: 'resources/read', params: { uri } } as const;
      const { contents } = await withOwnSignal(signal, (own) =>
        client.request(request, sdk.ReadResourceResultSchema, { signal: own }),
      );
      const images = imagesOf(contents.map((resource) => ({ type: 'resource', resource })));
      const text = await bounded(contents.map(resourceText).join('\n'));
      return {
        name,
        summary: plural(text.split('\n').length, 'line'),
        text: dataBlock('resource', text, { server: serverName, uri }),
        ...(images.length > 0 ? { images } : {}),
      };
    } catch (error) {
      throw new ToolServerError(serverName, errorText(error), { cause: error });
    }
  }

  #serverOf(name: string): Server {
    const server = this.#servers().find((one) => one.name === name);
    if (server) return server;
    throw new ToolServerError(name, `There is no MCP server ${name}.`);
  }
}

/** What can stand in a message: an address has no spaces, quotes or signs that nobody sees. */
function isAddress(uri: string): boolean {
  return uri.length <= LONGEST_ADDRESS && /^[\x21\x23-\x7e]+$/.test(uri);
}

function parts(name: string): [server: string, uri: string] {
  const at = name.indexOf(':');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}
