import { listedModels } from '../../providers/listed-model.js';
import { presets } from '../../providers/presets.js';
import type { ModelChoice } from '../host.js';
import { type Command, type CommandContext, info } from './command.js';

export const model: Command = {
  name: 'model',
  argument: '[name]',
  describe: 'choose who answers, or name it: provider/model, a provider, or a model',
  needsIdle: true,
  values({ port, sessionId }) {
    const { provider } = port.coordinators.provider.current(sessionId);
    const models = listedModels(provider).map((value) => ({ value: `${provider}/${value}` }));
    const providers = Object.entries(presets).map(([value, { defaultModel, local }]) => {
      if (defaultModel !== undefined) return { value, describe: defaultModel };
      return { value, ...(local ? { describe: 'on this machine' } : {}) };
    });
    return [...models, ...providers];
  },
  async run(context, name) {
    const picked = name === '' ? await pick(context) : undefined;
    if (picked?.toSetUp !== undefined) return info(picked.toSetUp);
    const wanted = name === '' ? picked?.name : name;
    if (wanted === undefined) {
      const { provider, model: current } = context.port.coordinators.provider.current(context.sessionId);
      return info(`${provider}/${current} answers. /model NAME changes it, for example /model anthropic.`);
    }
    const before = context.port.coordinators.provider.current(context.sessionId);
    const now = await context.port.switchProvider(wanted, context.sessionId);
    if (now.provider !== 'offline') return info(`${now.provider}/${now.model} answers from now on.`);
    const back = before.provider === 'offline' ? 'NAME' : `${before.provider}/${before.model}`;
    return info(
      `No model is asked from now on: answers are found in the files. /model ${back} asks one again.`,
    );
  },
};

/** The model that the user chose; `undefined` when it is to stay as it is. */
async function pick({
  port,
  sessionId,
  host,
  choose,
  hint,
}: CommandContext): Promise<ModelChoice | undefined> {
  if (!host) return undefined;
  hint('Asking the providers for their models …');
  const { provider, model: current } = port.coordinators.provider.current(sessionId);
  const now = `${provider}/${current}`;
  const all = await host.models(sessionId).finally(() => hint(''));
  const choices = inOrder(all, now);
  const taken = await choose(
    'Who answers?',
    choices.map((one) => choiceLine(one, now)),
  );
  const chosen = choices[taken ?? -1];
  return chosen?.name === now ? undefined : chosen;
}

/** Whoever answers now comes first. */
function inOrder(all: readonly ModelChoice[], now: string): ModelChoice[] {
  const current = all.find(({ name }) => name === now) ?? { name: now, about: '' };
  return [current, ...all.filter(({ name }) => name !== now)];
}

function choiceLine({ name, about }: ModelChoice, now: string): string {
  return `${name}${name === now ? ' (current)' : ''}${about === '' ? '' : `  ${about}`}`;
}
