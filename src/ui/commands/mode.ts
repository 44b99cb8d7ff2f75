import { modes } from '../../core/coordinator.js';
import { type Command, info, warning } from './command.js';
import { suggestion } from './suggestion.js';

export const mode: Command = {
  name: 'mode',
  argument: '[mode]',
  describe: `show or change the permission mode: ${modes.join(', ')}`,
  run({ port, sessionId }, name) {
    if (name === '') {
      const current = port.coordinators.mode.current(sessionId);
      return info(`The mode is ${current}. /mode NAME changes it: ${modes.join(', ')}.`);
    }
    const chosen = modes.find((one) => one === name);
    if (!chosen) {
      return warning(`There is no mode ${name}.${suggestion(name, modes)} There are ${modes.join(', ')}.`);
    }
    port.setMode(chosen, sessionId);
    return info(`The mode is ${chosen}.`);
  },
};
