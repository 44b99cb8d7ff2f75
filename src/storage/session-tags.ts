/** The tags after a change, each once, in alphabetical order. */
export function changedTags(
  tags: readonly string[],
  { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
): readonly string[] {
  const kept = [...tags, ...add].filter((tag) => !remove.includes(tag));
  return [...new Set(kept)].sort();
}
