/** Every mark of the screen that is not ASCII, with the character that stands for it in as many cells. */
export const asciiMarks: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '⊘': '!',
  '■': '#',
  '❯': '>',
  '↪': '>',
  '↑': '^',
  '↓': 'v',
  '⏎': '/',
  '→': '>',
  '…': '~',
  '·': '-',
  '–': '-',
  '•': '*',
  '☑': 'x',
  '☐': 'o',
  '│': '|',
  '─': '-',
  '┼': '+',
  '⋮': ':',
  '≥': '>',
  '█': '#',
  '▉': '#',
  '▊': '#',
  '▋': '#',
  '▌': '=',
  '▍': '=',
  '▎': '-',
  '▏': '-',
  '▁': '_',
  '▂': '_',
  '▃': '-',
  '▄': '-',
  '▅': '=',
  '▆': '=',
  '▇': '#',
  '░': '.',
  '⠋': '|',
  '⠙': '/',
  '⠹': '-',
  '⠸': '\\',
  '⠼': '|',
  '⠴': '/',
  '⠦': '-',
  '⠧': '\\',
  '⠇': '|',
  '⠏': '/',
};

const marks = new RegExp(`[${Object.keys(asciiMarks).join('')}]`, 'g');

/** A text whose marks a terminal without Unicode shows. The same characters in what others wrote are replaced, too: it has no way to show them. */
export function withAsciiMarks(text: string): string {
  return text.replace(marks, (mark) => asciiMarks[mark] ?? mark);
}

/** What stands before a line of the transcript: as a mark, and as a word for those who listen. */
const signs = {
  done: ['✓ ', 'done: '],
  failed: ['✗ ', 'failed: '],
  denied: ['⊘ ', 'denied: '],
  interrupted: ['■ ', 'interrupted: '],
  error: ['✗ ', 'error: '],
  warning: ['! ', 'warning: '],
  note: ['· ', 'note: '],
  user: ['❯ ', 'you: '],
} as const;

export function signOf(name: keyof typeof signs, spoken: boolean): string {
  return signs[name][spoken ? 1 : 0];
}
