/**
 * Everything a command may load that has to do with a turn or the configuration, behind one door: the bundler
 * then makes one large file of it instead of twenty small ones, and finding and linking files is what the start
 * of a short-lived process spends most of its time on.
 */
export { runAgent } from './acp/run-agent.js';
export { ask } from './ask.js';
export { chat } from './chat.js';
export { configuredCandidates } from './completion/configured-candidates.js';
export { printSchema } from './config/print-schema.js';
export { configPath, setConfig, unsetConfig } from './config/set-config.js';
export { showConfig } from './config/show-config.js';
export { validateConfig } from './config/validate-config.js';
export { demo } from './demo.js';
export { doctor } from './doctor.js';
export { evaluateCompaction } from './evaluation/evaluate-compaction.js';
export { evaluateTools } from './evaluation/evaluate-tools.js';
export { exportEvents } from './export-events.js';
export { listModels } from './list-models.js';
export { listTools } from './list-tools.js';
export { listWorkflows } from './list-workflows.js';
export { addServer } from './mcp/add-server.js';
export { approveServer } from './mcp/approve-server.js';
export { listServers } from './mcp/list-servers.js';
export { logIn } from './mcp/log-in.js';
export { logOut } from './mcp/log-out.js';
export { removeServer } from './mcp/remove-server.js';
export { testServer } from './mcp/test-server.js';
export { checkCases } from './permissions/check-cases.js';
export { explainCommand } from './permissions/explain.js';
export { forgetPermissions } from './permissions/forget.js';
export { listPermissions } from './permissions/list.js';
export { rankTools } from './rank-tools.js';
export { runWorkflow } from './run-workflow.js';
export { trust } from './trust.js';
