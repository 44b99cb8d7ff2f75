import type { ServerResources } from '../../core/tool-servers.js';
import { createFileIndex, type FileIndex } from './file-index.js';
import { candidateOf } from './fuzzy.js';

export type ReadableServers = Pick<ServerResources, 'servers' | 'list'>;

/**
 * What a mention may name: files, and behind the name of an MCP server and a colon what that one has to read, asked of it when
 * that is first written.
 */
export function createMentionIndex(files: FileIndex, resources: ReadableServers | undefined): FileIndex {
  if (!resources) return files;
  const ofServers = new Map<string, FileIndex>();

  function indexOf(server: string): FileIndex {
    const index =
      ofServers.get(server) ??
      createFileIndex(async (signal) => (await resources!.list(server, signal)).map(candidateOf));
    ofServers.set(server, index);
    return index;
  }

  return {
    begin: files.begin,
    search(query, most, done) {
      const [, server = ''] = /^([\w-]+):/.exec(query) ?? [];
      if (resources.servers().includes(server)) {
        const index = indexOf(server);
        index.begin();
        return index.search(query, most, done);
      }
      const begun = query.toLowerCase();
      const named = resources.servers().filter((name) => name.toLowerCase().startsWith(begun));
      return files.search(query, most, (paths) => done([...named.map((name) => `${name}:`), ...paths]));
    },
    cancel() {
      for (const index of [files, ...ofServers.values()]) index.cancel();
    },
    close() {
      for (const index of [files, ...ofServers.values()]) index.close();
    },
  };
}
