/**
 * What the chat loads of the command line when it is first asked, as one piece: each piece of its own makes the bundle fall into
 * more files, and every process that starts opens those that it shares.
 */
export { openInBrowser } from '../open-in-browser.js';
export { runStatusLine } from '../status-line/run-status-line.js';
export { about } from './about.js';
export { checkHealth } from './health.js';
export { modelChoices } from './models.js';
export { explainCommand, keptPermissions } from './permissions.js';
export { statistics } from './statistics.js';
