import { type Command, info } from './command.js';

export const model: Command = {
  name: 'model',
  argument: '[name]',
  describe: 'show or change who answers: provider/model, a provider, or a model of this provider',
  needsIdle: true,
  async run({ port, sessionId }, name) {
    if (name === '') {
      const { provider, model: current } = port.coordinators.provider.current(sessionId);
      return info(`${provider}/${current} answers. /model NAME changes it, for example /model anthropic.`);
    }
    const now = await port.switchProvider(name, sessionId);
    return info(`${now.provider}/${now.model} answers from now on.`);
  },
};
