import { type Appearance, appearanceOf } from './appearance.js';
import { backgroundFromEnvironment, backgroundInReply, backgroundQuery, canBeAsked } from './background.js';
import type { SaveSetting, Themes } from './commands/command.js';
import type { ScreenStore } from './screen-store.js';
import type { SessionPort } from './session-port.js';
import type { Background, ColourLevel } from './themes.js';

export interface AppearanceControl {
  /** How the first frame looks: nothing is waited for. */
  readonly first: Appearance;
  /** From here on changes are drawn there, also those of saved settings. */
  attach(store: ScreenStore): void;
  /** Asks the terminal for its background where that matters and is not known. */
  ask(): void;
  /** Takes an answer of the terminal, given without its frame. */
  onReply(reply: string): void;
  /** A question is on its way whose answer would be typed into the shell if nobody read it. */
  readonly awaitsReply: boolean;
  /** What `/theme` works with. */
  themes(saveSetting: SaveSetting | undefined): Themes;
  close(): void;
}

export interface AppearanceControlOptions {
  readonly port: Pick<SessionPort, 'settingRows' | 'subscribe' | 'sessionId'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly level: ColourLevel;
  write(text: string): void;
}

/** A terminal that has not answered for so long, in milliseconds, will not. */
const patienceMs = 1_000;

/** Keeps the look of the screen with the settings, the environment and what the terminal says of itself. */
export function createAppearanceControl(options: AppearanceControlOptions): AppearanceControl {
  const { port, environment, level, write } = options;
  let store: ScreenStore | undefined;
  let background: Background | undefined = backgroundFromEnvironment(environment);
  let askedAt = Number.NEGATIVE_INFINITY;
  let isAsked = false;
  const settingOf = (key: string) => port.settingRows(port.sessionId).find((row) => row.key === key)?.value;
  const readTheme = () => String(settingOf('theme') ?? 'auto');
  // Ink's own variable, which its users have set already.
  const isListening = environment.INK_SCREEN_READER === 'true';
  const readSpoken = () => isListening || settingOf('screenReader') === true;
  let theme = readTheme();
  let spoken = readSpoken();

  const look = () => appearanceOf({ theme, spoken, level, environment, background });
  const draw = () => store?.update({ appearance: look() }, 'now');

  const stop = port.subscribe((event) => {
    if (event.type !== 'config-change' || (event.key !== 'theme' && event.key !== 'screenReader')) return;
    theme = readTheme();
    spoken = readSpoken();
    draw();
  });

  return {
    first: look(),
    attach(target) {
      store = target;
    },
    ask() {
      if (background !== undefined || level === 0 || !canBeAsked(environment)) return;
      isAsked = true;
      askedAt = performance.now();
      write(backgroundQuery);
    },
    onReply(reply) {
      const said = backgroundInReply(reply);
      if (!isAsked || said === undefined) return;
      isAsked = false;
      background = said;
      draw();
    },
    get awaitsReply() {
      return isAsked && performance.now() - askedAt < patienceMs;
    },
    themes: (saveSetting) => ({
      get setting() {
        return readTheme();
      },
      show(name) {
        theme = name;
        draw();
      },
      saveSetting,
    }),
    close: stop,
  };
}
