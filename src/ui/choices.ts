import type { Key } from './keys.js';
import type { ChoicePrompt } from './screen.js';
import type { ScreenStore } from './screen-store.js';

/** What is shown while an option is marked. */
export interface ChoiceLook {
  /** The place of the option that is marked first. */
  readonly marked?: number;
  /** Rows below the options. */
  readonly sample?: ChoicePrompt['sample'];
  /** Called with the place of each option that gets the mark. */
  onMark?(place: number): void;
}

export interface Choices {
  /** A question is on the screen. */
  readonly open: boolean;
  /** Asks, and resolves with the place of the option that was taken; `undefined` when none was. */
  ask(question: string, options: readonly string[], how?: ChoiceLook): Promise<number | undefined>;
  take(key: Key): void;
  close(): void;
}

/** Enter this soon after a question appeared was pressed before it could be read. */
const graceMs = 500;
/** A list that is longer is narrowed by what is typed; a shorter one is seen at once. */
const fewOptions = 4;

/**
 * Lets the user choose one of several options, one question at a time: arrows move, what is typed narrows a long list, Enter
 * takes the marked one, Escape and Ctrl+C leave.
 */
export function createChoices(store: ScreenStore): Choices {
  let settle: ((taken: number | undefined) => void) | undefined;
  let shownAt = 0;

  let onMark: ChoiceLook['onMark'];

  const show = (choice: ChoicePrompt | undefined) => {
    store.update({ choice }, 'now');
    const marked = choice && matchingOptions(choice)[choice.selected];
    if (marked) onMark?.(marked.place);
  };

  function end(taken: number | undefined): void {
    const settled = settle;
    settle = undefined;
    show(undefined);
    settled?.(taken);
  }

  function change(choice: ChoicePrompt, key: Key): void {
    const matching = matchingOptions(choice);
    const move = (by: number) => {
      const selected = Math.max(0, Math.min(matching.length - 1, choice.selected + by));
      show({ ...choice, selected });
    };
    const narrow = (filter: string) => {
      if (isNarrowed(choice)) show({ ...choice, filter, selected: 0 });
    };
    if (key.type !== 'key') {
      narrow(choice.filter + key.text.replace(/\s+/g, ' '));
      return;
    }
    const { name, ctrl } = key;
    if (name === 'escape' || (ctrl && (name === 'c' || name === 'd'))) end(undefined);
    else if (name === 'up' || (ctrl && name === 'p')) move(-1);
    else if (name === 'down' || (ctrl && name === 'n')) move(1);
    else if (name === 'backspace') narrow([...choice.filter].slice(0, -1).join(''));
    else if (name === 'enter' && performance.now() - Math.max(shownAt, store.heldUntil) >= graceMs) {
      const marked = matching[choice.selected];
      if (marked) end(marked.place);
    }
  }

  return {
    get open() {
      return settle !== undefined;
    },
    ask(question, options, how = {}) {
      end(undefined);
      onMark = how.onMark;
      shownAt = performance.now();
      const sample = how.sample ? { sample: how.sample } : {};
      show({ question, options, filter: '', selected: how.marked ?? 0, ...sample });
      return new Promise((resolve) => {
        settle = resolve;
      });
    },
    take(key) {
      const { choice } = store.screen;
      if (choice) change(choice, key);
    },
    close: () => end(undefined),
  };
}

export function isNarrowed({ options }: ChoicePrompt): boolean {
  return options.length > fewOptions;
}

/** The options that have what was typed in them, in whatever case, with their places in the whole list. */
export function matchingOptions({ options, filter }: ChoicePrompt) {
  const wanted = filter.trim().toLowerCase();
  return options
    .map((option, place) => ({ option, place }))
    .filter(({ option }) => option.toLowerCase().includes(wanted));
}
