import { oneLine } from '../displayable.js';
import { expandOutput, expandRunning, lastToolOutput } from '../expand.js';
import { type Command, info, warning } from './command.js';

export const expand: Command = {
  name: 'expand',
  argument: '[N] [LINE]',
  describe: 'what call or thought N (the #N at the end of its line) says in full, from a line on',
  values: ({ state }) =>
    state.outputs.all
      .map(({ number, title }) => ({ value: String(number), describe: oneLine(title) }))
      .reverse(),
  run({ state }, argument) {
    const { outputs } = state;
    const [, written, line] = /^(?:#?(\d{1,9})(?:\s+(\d{1,9}))?)?$/.exec(argument) ?? [];
    if (argument !== '' && written === undefined)
      return warning('/expand takes the number of a call, and perhaps a line: /expand 3 301.');
    const running = written === undefined ? expandRunning(state) : undefined;
    if (running) return [running];
    const number = written === undefined ? lastToolOutput(outputs) : Number(written);
    if (number === undefined) return info('No tool has answered yet.');
    const shown = expandOutput(outputs, number, Math.max(1, Number(line ?? 1)));
    return typeof shown === 'string' ? info(shown) : [shown];
  },
};
