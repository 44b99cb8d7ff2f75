import { append } from '../state.js';
import type { ExternalEditorOptions } from './external-editor.js';
import type { HandOver } from './hand-over.js';
import { reduceInput, textOf } from './input-state.js';
import type { ScreenStore } from './screen-store.js';

export interface EditOutsideOptions extends Omit<ExternalEditorOptions, 'signal'> {
  readonly handOver: HandOver;
  readonly store: ScreenStore;
}

/** Takes the input into the user's editor and back; where that fails, it is as it was. */
export function createEditOutside({ handOver, store, ...where }: EditOutsideOptions): () => Promise<void> {
  return async () => {
    const { editInEditor } = await import('./outside.js');
    // What was typed until the editor has the terminal goes along.
    const edited = await handOver.lend((signal) =>
      editInEditor(textOf(store.screen.input), { ...where, signal }),
    );
    if (edited?.text !== undefined) {
      const input = reduceInput(store.screen.input, { type: 'edited', text: edited.text });
      store.update({ input, hint: '' }, 'now');
    } else if (edited) {
      const notice = { kind: 'notice', level: 'warning', text: edited.failed } as const;
      store.update({ state: append(store.screen.state, notice) }, 'now');
    }
  };
}
