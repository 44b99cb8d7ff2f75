import { cases } from './cases.js';

/** One row of the table that `npm run test:safety` prints and SECURITY.md shows. */
export interface Row {
  readonly id: string;
  /** What was tried, and what was looked for in it. */
  readonly what: string;
  /** How many must be tried. */
  readonly least: number;
  /** How many may be found at most, or must be found. */
  readonly bound: { readonly most: number } | { readonly least: number };
}

const none = { most: 0 } as const;

export const rows: readonly Row[] = [
  { id: 'bypass-strings', what: 'tricks on the command line: run unapproved', least: 230, bound: none },
  {
    id: 'fuzzed-strings',
    what: 'random command lines: run unapproved, but not as judged',
    least: 100_000,
    bound: none,
  },
  { id: 'argv', what: 'command lines run by real bash: words other than judged', least: 10_000, bound: none },
  {
    id: 'everyday',
    what: 'everyday commands that only read: run without asking',
    least: 100,
    bound: { least: 80 },
  },
  { id: 'everyday git', what: '… git inspections', least: 25, bound: { least: 20 } },
  { id: 'everyday search', what: '… rg, grep and find', least: 25, bound: { least: 20 } },
  { id: 'everyday files', what: '… ls, cat, head, tail, wc and sed -n', least: 20, bound: { least: 16 } },
  { id: 'everyday pipelines', what: '… pipelines', least: 15, bound: { least: 12 } },
  { id: 'everyday redirections', what: '… with 2>/dev/null and the like', least: 15, bound: { least: 12 } },
  {
    id: 'hostile processes',
    what: 'commands in hostile repositories before trust: foreign processes',
    least: 150,
    bound: none,
  },
  {
    id: 'hostile sockets',
    what: 'commands in hostile repositories before trust: sockets and connections',
    least: 150,
    bound: none,
  },
  {
    id: 'hostile code',
    what: 'commands in hostile repositories before trust: code that ran',
    least: 150,
    bound: none,
  },
  { id: 'sandbox', what: 'escape probes in the sandbox: escapes', least: 60, bound: none },
  {
    id: 'sandbox required',
    what: 'missing or broken sandboxes that are required: commands that ran',
    least: 2,
    bound: none,
  },
  {
    id: 'link race',
    what: 'rounds of links swapped between check and open: reads or writes outside',
    least: 1_000,
    bound: none,
  },
  {
    id: 'injection',
    what: 'injected orders, fully obeyed: effects outside what was granted',
    least: 300,
    bound: none,
  },
  {
    id: 'components',
    what: 'hostile texts, 5,000 in each component on a terminal: control bytes',
    least: 80_000,
    bound: none,
  },
  {
    id: 'commands',
    what: 'commands with hostile words, on a terminal: control bytes',
    least: 20,
    bound: none,
  },
  { id: 'canaries', what: 'planted keys through whole sessions: found in any sink', least: 40, bound: none },
  {
    id: 'cases',
    what: 'cases of the threat model: not covered by a test that passed, and not waiting',
    least: Object.keys(cases).length,
    bound: none,
  },
];
