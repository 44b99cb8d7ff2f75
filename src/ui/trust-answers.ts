import type { Key } from './keys.js';

/** What the user said of a folder. */
export interface TrustAnswer {
  readonly choice: 'trust' | 'restricted' | 'quit';
  /** The signal that took the answer's place. */
  readonly signal?: NodeJS.Signals;
}

export interface TrustAnswers {
  /** The keys that count, or what was answered. */
  readonly row: string;
  /** The question can be read from now on. */
  appeared(now: number): void;
  /** The answer, once this key is one; times are of the monotonic clock. */
  take(key: Key, now: number): TrustAnswer | undefined;
}

/** Keys this soon after a question appeared were typed before it could be read. */
const graceMs = 500;

/** What the keys mean to the question whether a folder is trusted; only these keys do anything. */
export function createTrustAnswers(options: {
  readonly changed: boolean;
  readonly twice?: string;
}): TrustAnswers {
  const { changed, twice } = options;
  const without = changed ? 'go on without it' : 'stay restricted';
  let shownAt = Number.POSITIVE_INFINITY;
  let asksAgain = false;
  let row = `t ${changed ? 'trust this too' : 'trust'} · r ${without} · q quit`;

  function choiceOf(key: Key): TrustAnswer['choice'] | undefined {
    if (key.type === 'text') {
      const choices = { t: 'trust', r: 'restricted', q: 'quit' } as const;
      const name = key.text.toLowerCase();
      return Object.hasOwn(choices, name) ? choices[name as keyof typeof choices] : undefined;
    }
    if (key.type !== 'key') return undefined;
    return key.name === 'escape' || (key.ctrl && (key.name === 'c' || key.name === 'd')) ? 'quit' : undefined;
  }

  return {
    get row() {
      return row;
    },
    appeared(now) {
      shownAt = now;
    },
    take(key, now) {
      if (!(now - shownAt >= graceMs)) return undefined;
      const choice = choiceOf(key);
      if (choice === 'trust' && twice !== undefined && !asksAgain) {
        asksAgain = true;
        shownAt = now;
        row = `${twice} t trust all the same · r ${without} · q quit`;
        return undefined;
      }
      if (!choice) return undefined;
      row = { trust: 'Trusted.', restricted: `Not trusted: Victor will ${without}.`, quit: 'Left.' }[choice];
      return { choice };
    },
  };
}
