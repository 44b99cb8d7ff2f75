import { formatTable, type TableOptions } from '../format-table.js';
import type { Explanation } from './explanation.js';

/** What would happen to a command, and to each command in it, for people. */
export function explanationText(explanation: Explanation, look: TableOptions): string {
  const { verdict, reason, rule, mode, exact, commands } = explanation;
  const rows = commands.map((one) => [one.text, one.verdict, one.rule ?? '', one.reason]);
  const table = formatTable(['command', 'verdict', 'rule', 'why'], rows, look);
  const facts = [
    `${verdict}: ${reason}`,
    ...(rule === undefined ? [] : [`rule: ${rule}`]),
    `mode: ${mode}`,
    ...(exact ? [] : ['It cannot be read exactly, so these commands are guesses:']),
  ];
  return `${facts.join('\n')}\n${rows.length === 0 ? '' : table}`;
}
