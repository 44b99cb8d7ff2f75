/** Sequences that terminals obey or that sanitisers trip over. */
const sequences: readonly string[] = [
  ...['[2J', '[31m', '[?25l', '[?1049h', '[10;20H', '[6n', '[c', '[>q', '[?2004l', '[201~', '[200~', '[1'],
  ...['c', '7', '8', 'D', 'M', '(0', '#8', ' F', '=', 'Z', '\\', ''],
  ...[']0;title\u0007', ']8;;http://x\u001b\\', ']52;c;eA==\u0007', ']10;?\u0007', ']1337;File=:eA==\u0007'],
  ...['P1$r\u001b\\', 'P+q544e\u001b\\', '_apc\u001b\\', '^pm\u001b\\', 'Xsos\u001b\\', ']0;open', 'Popen'],
].map((rest) => `\u001b${rest}`);
/** Controls, characters that hide or reorder text, and halves of pairs. */
const characters: readonly string[] = [
  ...'\u0000\u0007\b\u000b\u000c\r\u000e\u000f\u001a\u007f\u0085\u0090\u0098\u009b\u009c\u009d\u009e\u009f',
  ...'\u202a\u202d\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u2060\u00ad\u2028\u2029',
  ...['\u{e0041}', '\u{e007f}', '\ud800', '\udc00', '\u009b31m', '\u009d0;t\u009c'],
];
const words: readonly string[] = [
  ...[
    'word',
    '漢字',
    '👩‍👩‍👧',
    '\u{1f3f4}',
    'e\u0301\u0301',
    '\u200d',
    '\ufe0f',
    '`',
    '**',
    '# ',
    '| a | b |',
  ],
  ...['```', '\n', '\t', ' ', '  - '],
];

/** The same numbers for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Hostile texts, no two alike: each begins with the word `kept` and has at least one piece that must not reach a terminal. */
export function adversarialTexts(count: number, seed: number): string[] {
  const random = randomNumbers(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!;
  const texts = new Set<string>();
  while (texts.size < count) {
    const parts = ['kept', pick(random() < 0.5 ? sequences : characters)];
    for (let more = Math.floor(random() * 8); more > 0; more -= 1) {
      parts.push(pick([sequences, characters, words][Math.floor(random() * 3)]!));
    }
    texts.add(parts.join(''));
  }
  return [...texts];
}

/** What no foreign text may bring to a terminal. Line ends are the renderer's. */
const forbidden =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f]|\p{Surrogate}/gu;

export function controlsIn(text: string): number {
  return text.match(forbidden)?.length ?? 0;
}

/** Something in it must not be shown as it is. */
export function isHostile(text: string): boolean {
  return controlsIn(text) > 0 || /[\u00ad\u200b\u{e0000}-\u{e007f}]/u.test(text);
}
