/** Where a project keeps what the model is told, ours and where people keep that of other programs; of one name the first counts. */
export const promptFolders = {
  skills: ['.agents/skills', '.claude/skills'],
  commands: ['.victor/commands'],
  agents: ['.victor/agents', '.agents/agents', '.claude/agents'],
} as const;
