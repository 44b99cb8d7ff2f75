import fc from 'fast-check';
import { recordedNames } from './recording-bash.js';

/** Words that are plain, quoted, or look plain and are not. */
const words = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '-n',
      '-la',
      '-20',
      'src',
      'a.ts',
      './a/b',
      '--',
      '-',
      '+5',
      'a=b',
      '@x',
      'HEAD~1',
      'a^',
      'x:y',
      '%s',
      'do',
      'in',
      'if',
      '1,5p',
      '-e',
      '--include=x',
    ),
  },
  { weight: 3, arbitrary: fc.stringMatching(/^[ -&(-~\t\n]{0,8}$/).map((text) => `'${text}'`) },
  { weight: 3, arbitrary: fc.stringMatching(/^[ #%-[\]-_a-~\t\n]{0,8}$/).map((text) => `"${text}"`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "--include='*.ts'",
      "-d','",
      '--format="%h %s"',
      "--pretty=format:'%h'",
      '\\(',
      '\\)',
      '\\!',
      "''",
      '""',
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9_@%+=:,./~^-]{1,8}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[!-~]{1,4}$/) },
);
const redirects = fc.constantFrom(
  '2>/dev/null',
  '2>&1',
  '>/dev/null',
  '</dev/null',
  '&>/dev/null',
  '2> /dev/null',
  '>>/dev/null',
  '>&2',
);
const joiners = fc.constantFrom(
  '|',
  '||',
  '&&',
  ';',
  '\n',
  ' | ',
  ' && ',
  ' || ',
  '; ',
  ' |\n',
  ' &&\n\n ',
  ';\n',
);
const simple = fc
  .tuple(
    fc.constantFrom(...recordedNames),
    fc.array(fc.oneof({ weight: 9, arbitrary: words }, { weight: 1, arbitrary: redirects }), {
      maxLength: 5,
    }),
    fc.constantFrom(' ', ' ', '  ', '\t'),
  )
  .map(([name, rest, blank]) => [name, ...rest].join(blank));
/** What has a meaning to bash, put anywhere. */
const trick = fc.constantFrom(
  '$',
  '`',
  '\\',
  '!',
  '*',
  '?',
  '[a]',
  '{a,b}',
  '~',
  '(',
  ')',
  '<',
  '>',
  '#',
  '&',
  ';',
  '|',
  '\n',
  '\r',
  '\0',
  "'",
  '"',
  '$(touch pwned)',
  '`touch pwned`',
  '\\\n',
  '\u00a0',
  '\u200b',
  'x=1 ',
  '^',
  ' ',
);

/** Command lines near the border of what can be read exactly, on both its sides. */
export const randomCommands: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(simple, { minLength: 1, maxLength: 4 }),
    fc.array(joiners, { minLength: 4, maxLength: 4 }),
    fc.option(fc.tuple(fc.nat(60), trick), { freq: 2 }),
  )
  .map(([commands, between, twist]) => {
    const line = commands
      .map((command, index) => (index === 0 ? command : between[index]! + command))
      .join('');
    if (!twist) return line;
    const at = Math.min(twist[0], line.length);
    return line.slice(0, at) + twist[1] + line.slice(at);
  });
