import { modes } from '../../core/coordinator.js';
import { modeMeanings } from '../../permissions/mode-meanings.js';
import { type Command, info, warning } from './command.js';
import { suggestion } from './suggestion.js';

export const mode: Command = {
  name: 'mode',
  argument: '[mode]',
  describe: `show or change the permission mode: ${modes.join(', ')}`,
  values: () => modes.map((value) => ({ value, describe: modeMeanings[value].runs })),
  run({ port, sessionId, changeMode }, name) {
    if (name === '') {
      const current = port.coordinators.mode.current(sessionId);
      return info(`The mode is ${current}. /mode NAME changes it: ${modes.join(', ')}.`);
    }
    const chosen = modes.find((one) => one === name);
    if (!chosen) {
      return warning(`There is no mode ${name}.${suggestion(name, modes)} There are ${modes.join(', ')}.`);
    }
    if (changeMode(chosen, sessionId)) return info(`The mode is ${chosen}.`);
    return info('The plan is not approved yet: say first what becomes of it.');
  },
};
