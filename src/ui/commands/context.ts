import { contextLines, contextTitle } from '../context-lines.js';
import { barCells, type Command, output } from './command.js';

export const context: Command = {
  name: 'context',
  describe: "what fills the model's window, what is free, and what compaction would do",
  async run({ port, sessionId, columns }) {
    const report = await port.contextReport(sessionId);
    return output(contextTitle(report), contextLines(report, columns - barCells));
  },
};
