/** Everything that draws on a terminal, behind one door: what only prints JSON does not load it. */
export { compactionReport } from './evaluation/compaction-report.js';
export { selectionReport } from './evaluation/selection-report.js';
export { queryTable } from './stats/query-table.js';
export { terminalReport } from './stats/terminal-report.js';
