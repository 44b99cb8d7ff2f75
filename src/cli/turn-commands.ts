/**
 * Everything a command may load that has to do with a turn or the configuration, behind one door: the bundler
 * then makes one large file of it instead of twenty small ones, and finding and linking files is what the start
 * of a short-lived process spends most of its time on.
 */
export { ask } from './ask.js';
export { chat } from './chat.js';
export { printSchema } from './config/print-schema.js';
export { configPath, setConfig } from './config/set-config.js';
export { showConfig } from './config/show-config.js';
export { validateConfig } from './config/validate-config.js';
export { doctor } from './doctor.js';
export { evaluateCompaction } from './evaluate-compaction.js';
export { explainTools } from './explain-tools.js';
export { listModels } from './list-models.js';
export { listTools } from './list-tools.js';
export { explainCommand } from './permissions/explain.js';
export { runWorkflow } from './run-workflow.js';
export { trust } from './trust.js';
