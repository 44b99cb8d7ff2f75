import type { MenuItem } from '../menu/menu.js';

/** Paths as what is being written may become; of a folder the next part can be typed on. */
export function mentionItems(paths: readonly string[]): readonly MenuItem[] {
  return paths.map((path) => ({
    label: path,
    insert: goesOn(path) ? mentionOf(path) : `${mentionOf(path)} `,
  }));
}

/** The name of a server, with what it has to read behind it. */
const ofServer = /^[\w-]+:(?:[\w./:%~+=@#?&-]*[\w/])?$/;

/** A folder, or a server alone. */
function goesOn(path: string): boolean {
  return path.endsWith('/') || /^[\w-]+:$/.test(path);
}

/** A path as it stands in a message, quoted where a space or a mark would end it. */
export function mentionOf(path: string): string {
  return ofServer.test(path) || /^[\p{L}\p{N}\p{M}_./@+~=$%#-]*[\p{L}\p{N}\p{M}_/]$/u.test(path)
    ? `@${path}`
    : `@"${path}"`;
}
