import { oneLine } from '../displayable.js';
import { type Command, info, output } from './command.js';

export const tools: Command = {
  name: 'tools',
  describe: 'list the tools the model may call',
  run({ port }) {
    const list = port.coordinators.tool.list();
    if (list.length === 0) return info('No tools are offered.');
    const width = Math.max(...list.map(({ name }) => name.length));
    const lines = list.map(({ name, kind, description }) => {
      return `${name.padEnd(width)}  ${kind.padEnd(7)}  ${firstSentence(oneLine(description))}`;
    });
    return output('Tools', lines);
  },
};

function firstSentence(text: string): string {
  const end = text.search(/[.!?](\s|$)/);
  return end < 0 ? text : text.slice(0, end + 1);
}
