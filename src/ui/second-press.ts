import type { ScreenStore } from './screen-store.js';

/** A key that means something else when it is pressed again. */
export interface SecondPress {
  /** To be asked once a press: whether it is the second one. */
  again(): boolean;
  /** Says what the next press will mean. That holds for as long as it stands there. */
  offer(hint: string): void;
  /** The next press is a first one. */
  forget(): void;
}

/** Presses this close are two of one, whatever the screen says. */
const twiceMs = 1_000;

/** How long an offer stands where nothing takes its place: nobody means a key of a while ago. */
const offerMs = 5_000;

export function createSecondPress(store: ScreenStore): SecondPress {
  let pressedAt = Number.NEGATIVE_INFINITY;
  let offered = '';
  let timer: NodeJS.Timeout | undefined;
  const stands = () => offered !== '' && store.screen.hint === offered;
  return {
    again() {
      const again = stands() || performance.now() - pressedAt < twiceMs;
      pressedAt = performance.now();
      return again;
    },
    offer(hint) {
      offered = hint;
      store.update({ hint }, 'now');
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (stands()) store.update({ hint: '' }, 'now');
      }, offerMs).unref();
    },
    forget() {
      pressedAt = Number.NEGATIVE_INFINITY;
      offered = '';
    },
  };
}
