import type { Look } from '../look.js';

const longLine = `find . -name '*.log' ${Array.from({ length: 30 }, (_, index) => `-not -path './keep-${index}/*'`).join(' ')} -delete`;
const script = Array.from(
  { length: 60 },
  (_, line) => `echo "step ${line + 1}" && make step-${line + 1}`,
).join('\n');
const down = '\u001b[B';

export const questionLooks: readonly Look[] = [
  {
    name: 'a question about a command',
    scene: ({ ask }) => ask({ name: 'Bash', input: { command: 'npm test -- --run' } }),
    sees: ['Allow Bash?', 'npm test -- --run', 'y'],
    reaches: ['Mode ask asks before running commands.'],
  },
  {
    name: 'a question about a command longer than a row',
    scene: ({ ask }) => ask({ name: 'Bash', input: { command: longLine } }),
    reaches: [longLine],
    sees: ['Allow Bash?'],
  },
  {
    name: 'a question about a command taller than the screen',
    scene: ({ ask }) => ask({ name: 'Bash', input: { command: script } }),
    reaches: [script],
    sees: ['Allow Bash?'],
  },
  {
    name: 'a question about an edit',
    scene: ({ ask }) =>
      ask({
        name: 'Edit',
        input: {
          path: 'src/parser.ts',
          oldText: 'return token;',
          newText: 'return atEnd() ? undefined : token;',
        },
      }),
    sees: ['Allow Edit?'],
    reaches: ['src/parser.ts', 'return atEnd() ? undefined : token;'],
  },
  {
    name: 'a question with others behind it',
    scene({ ask }) {
      ask({ name: 'Bash', input: { command: 'npm ci' } });
      ask({ name: 'Bash', input: { command: 'npm test' } });
      ask({ name: 'Write', input: { path: 'a.txt', content: 'x' } });
    },
    sees: ['npm ci'],
  },
  {
    name: 'a question with what a longer yes covers',
    scene: ({ ask }) =>
      ask(
        { name: 'Bash', input: { command: 'npm test' } },
        {
          covers: {
            session: 'exactly this command, while package.json stays as it is',
            project: 'exactly this command, while package.json stays as it is',
          },
        },
      ),
    sees: ['a for this session, p for every session'],
    reaches: ['while package.json stays as it is'],
  },
  {
    name: 'a question about an edit with what a longer yes covers',
    scene: ({ ask }) =>
      ask(
        { name: 'Edit', input: { path: 'src/parser.ts', oldText: 'return token;', newText: 'return end;' } },
        {
          covers: {
            session: 'every Edit of what is not protected in the workspace',
            project: 'every Edit of what is not protected in /home/me/work/app',
          },
        },
      ),
    sees: ['a for this session: every Edit of', 'return end;'],
  },
  {
    name: 'a question that may only be allowed once',
    scene: ({ ask }) => ask({ name: 'Bash', input: { command: 'rm -rf build' } }, { scopes: ['once'] }),
    sees: ['rm -rf build'],
  },
  {
    name: 'saying what to do instead',
    scene({ ask, answerInstead }) {
      ask({ name: 'Bash', input: { command: 'npm test' } });
      answerInstead('Run only the tests of the parser,\nand tell me what you saw');
    },
    sees: ['npm test', 'and tell me what you saw'],
  },
  {
    name: 'a plan to approve',
    scene: ({ ask }) => {
      const plan = '1. Read the parser\n2. Mend `next()`\n3. Run the tests';
      ask(
        { name: 'Plan', input: { plan } },
        { decision: { verdict: 'ask', reason: 'A plan is handed over.', plan } },
      );
    },
    reaches: ['Mend next()'],
  },
  {
    name: 'a choice between a few',
    scene: ({ choose }) => choose('Do it?', ['Yes, 2 files', 'No, leave everything as it is'], down),
    sees: ['Do it?', '❯ No, leave everything'],
  },
  {
    name: 'a choice among many that was narrowed',
    scene: ({ choose }) =>
      choose(
        'Which session?',
        Array.from(
          { length: 40 },
          (_, index) => `session ${index} about ${index % 3 === 0 ? 'parsers' : 'trees'}`,
        ),
        `pars${down}${down}`,
      ),
    sees: ['Which session? pars (14 of 40)', '❯ session 6'],
  },
  {
    name: 'a choice that nothing is left of',
    scene: ({ choose }) => choose('Which session?', ['one', 'two', 'three', 'four', 'five'], 'xyz'),
    sees: ['(0 of 5)'],
  },
];
