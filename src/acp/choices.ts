import type { SessionConfigOption, SessionModeState } from '@agentclientprotocol/sdk';
import { type Mode, modes } from '../core/coordinator.js';
import { modeMeanings } from '../permissions/mode-meanings.js';
import { Refusal } from './refusal.js';

/** What the editor lets the user choose in a session. */
export interface Chosen {
  readonly mode: Mode;
  /** `provider/model`. */
  readonly model: string;
}

/** Not more names than an editor can show in a list. */
const MOST_MODELS = 300;

export function modeState(mode: Mode): SessionModeState {
  const availableModes = modes.map((id) => ({ id, name: id, description: modeMeanings[id].runs }));
  return { currentModeId: mode, availableModes };
}

/** The same modes once more, because an editor that knows these options looks at nothing else. */
export function configOptions({ mode, model }: Chosen, models: readonly string[]): SessionConfigOption[] {
  const known = [...new Set([model, ...models])].slice(0, MOST_MODELS);
  return [
    {
      ...{ type: 'select', id: 'mode', name: 'Mode', category: 'mode', currentValue: mode },
      description: 'What runs without asking',
      options: modes.map((value) => ({ value, name: value, description: modeMeanings[value].runs })),
    },
    {
      ...{ type: 'select', id: 'model', name: 'Model', category: 'model', currentValue: model },
      description: 'Who answers from the next prompt on',
      options: known.map((value) => ({ value, name: value })),
    },
  ];
}

export function modeNamed(id: string): Mode {
  const mode = modes.find((one) => one === id);
  if (mode === undefined)
    throw new Refusal('params', `There is no mode ${id}.`, `Choose one of ${modes.join(', ')}.`);
  return mode;
}
