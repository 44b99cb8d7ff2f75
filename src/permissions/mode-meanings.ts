import type { Mode } from '../core/coordinator.js';

export interface ModeMeaning {
  /** For people: what runs. */
  readonly runs: string;
  /** For the model; what holds is decided by the mode coordinator, whatever it reads here. */
  readonly toModel: string;
}

/** What each mode means, in words; `coordinators/mode.ts` has the table that decides. */
export const modeMeanings: Readonly<Record<Mode, ModeMeaning>> = {
  ask: {
    runs: 'reads run, everything else asks',
    toModel:
      'Reading runs at once. Victor itself asks the user before each edit and command, so do not ask in words.',
  },
  'accept-edits': {
    runs: 'reads and edits run, commands ask',
    toModel:
      'Reading and edits run at once. Victor itself asks the user before each command, so do not ask in words.',
  },
  plan: {
    runs: 'only reads run, until a plan is approved',
    toModel:
      'Only reading runs; edits and commands are refused. Explore, then hand over a plan: with the tool Plan where you have it, which asks the user, else as your answer.',
  },
  'read-only': {
    runs: 'only reads run',
    toModel: 'Only reading runs; edits and commands are refused. Say what you would change instead.',
  },
  yolo: {
    runs: 'everything runs that no rule stops',
    toModel: 'Everything runs without asking. Take care with what cannot be undone.',
  },
};
