/** What a process loads once it has MCP servers, and not before. */
export { lookAtServer } from './look-at-server.js';
export { type Defined, McpServers, type McpServersOptions } from './servers.js';
