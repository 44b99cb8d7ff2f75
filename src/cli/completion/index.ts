/** What completion is made of, loaded when a shell asks. */
export { complete } from './complete.js';
export { shellScripts } from './shell-scripts.js';
