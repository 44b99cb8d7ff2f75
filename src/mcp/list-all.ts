/** So many pages and items of a list are asked for: a server may go on for ever. */
const MOST_PAGES = 50;
const MOST_ITEMS = 500;

/** Every item of a list that comes in pages, up to a bound. */
export async function listAll<Item>(
  page: (cursor: string | undefined) => Promise<{ items: readonly Item[]; next?: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < MOST_PAGES && all.length < MOST_ITEMS; count += 1) {
    const { items, next } = await page(cursor);
    all.push(...items.slice(0, MOST_ITEMS));
    if (next === undefined) break;
    cursor = next;
  }
  return all.slice(0, MOST_ITEMS);
}
