/** By a hash of the name that a server gives a tool: a hash of the tool as the user approved it. */
export type ToolHashes = Readonly<Record<string, string>>;

/** What the tools of servers were when the user approved them. */
export interface ToolApprovals {
  /** `undefined` when a server of this hash never ran; empty when what was kept of it cannot be read. */
  of(serverHash: string): ToolHashes | undefined;
  /** Throws where it cannot be kept; it holds for this process all the same. */
  keep(server: string, serverHash: string, tools: ToolHashes): void;
}
