import { isPlaceholder, type Paste, pasteOf, withoutPlaceholders } from './pastes.js';

/** Part of the input as it is shown: a tab is one mark, a large paste is its label. */
export function shownText(text: string, pastes: readonly Paste[]): string {
  return withoutPlaceholders(text.replaceAll('\t', '→'), pastes, ({ label }) => label);
}

/** Where a place of the text is in what is shown of it. */
export function placeOf(text: string, place: number, pastes: readonly Paste[]): number {
  return shownText(text.slice(0, place), pastes).length;
}

/** Where a place in what is shown is in the text; `side` of a label that it is in the middle of. */
export function textPlace(
  text: string,
  shownPlace: number,
  side: 'start' | 'end',
  pastes: readonly Paste[],
): number {
  let shown = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (shown >= shownPlace) return index;
    const length = isPlaceholder(text, index) ? (pasteOf(text, index, pastes)?.label.length ?? 0) : 1;
    if (shownPlace < shown + length) return side === 'start' ? index : index + 1;
    shown += length;
  }
  return text.length;
}
