import type { Attachment } from '../core/attachment.js';
import { dataBlock } from '../core/data-block.js';
import type { HookName } from '../core/hook.js';

/** What a hook says to the model, as a labelled block that it cannot end. */
export function contextBlock(hook: HookName, text: string): string {
  return dataBlock('hook', text, { event: hook });
}

/** The same behind a message of the user. */
export function contextAttachments(hook: HookName, contexts: readonly string[]): readonly Attachment[] {
  return contexts.map((text) => {
    const lines = text.split('\n').length;
    const summary = lines === 1 ? '1 line' : `${lines} lines`;
    return { name: `${hook} hook`, summary, text: contextBlock(hook, text) };
  });
}
