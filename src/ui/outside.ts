/** What the chat does outside of its screen, loaded with the first of it, as one piece: see `cli/chat-host/parts.ts`. */
export { copyToClipboard } from './clipboard.js';
export { editInEditor } from './external-editor.js';
export { listPaths } from './mentions/list-paths.js';
