/**
 * Characters that a model reads and a person does not see: controls, zero-width and bidirectional marks, variation
 * selectors, and the tag block, which can spell whole sentences.
 */
const hidden = /(?![\t\n])[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]/gu;

/** The text without hidden characters, and how many there were. Windows line ends become plain ones. */
export function cleanText(text: string): { readonly text: string; readonly removed: number } {
  let removed = 0;
  const clean = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(hidden, () => {
      removed += 1;
      return '';
    });
  return { text: clean, removed };
}
