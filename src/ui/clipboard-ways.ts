const esc = '\u001b';
const bell = '\u0007';
/** Characters of base64 that every terminal takes that knows the sequence; more is dropped without a word by some. */
const MOST_ENCODED = 100_000;

/** Bytes of a text that a terminal can be given for its clipboard. */
export const mostTerminalBytes = Math.floor(MOST_ENCODED / 4) * 3;

/** The sequence (OSC 52) that gives a terminal this text for its clipboard; `undefined` where that would not arrive. */
export function terminalCopy(text: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.TERM === 'dumb' || environment.TERM === 'linux') return undefined;
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  if (encoded.length > MOST_ENCODED) return undefined;
  const sequence = `${esc}]52;c;${encoded}${bell}`;
  // tmux takes it for itself where it may, and hands what is wrapped to the terminal around it where it may.
  return environment.TMUX === undefined ? sequence : sequence + throughTmux(sequence);
}

/** A sequence that tmux hands on as it is. */
export function throughTmux(sequence: string): string {
  return `${esc}Ptmux;${sequence.replaceAll(esc, esc + esc)}${esc}\\`;
}

/** Programs that take a text for the clipboard on standard input, the likeliest first. */
export function clipboardPrograms(
  { WAYLAND_DISPLAY, DISPLAY, TMUX, WSL_DISTRO_NAME }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): readonly (readonly [program: string, ...args: string[]])[] {
  return [
    ...(platform === 'darwin' ? [['pbcopy'] as const] : []),
    ...(WSL_DISTRO_NAME ? [['clip.exe'] as const] : []),
    ...(WAYLAND_DISPLAY ? [['wl-copy'] as const] : []),
    ...(DISPLAY
      ? ([
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ] as const)
      : []),
    ...(TMUX ? [['tmux', 'load-buffer', '-w', '-'] as const] : []),
  ];
}
