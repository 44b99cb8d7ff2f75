import type { FolderItem } from './folder-items.js';
import type { VictorPaths } from './paths.js';
import type { Restricted } from './restrict.js';

/** One line for each file of a trusted folder that names what the user has not confirmed. */
export function changedNotices(items: readonly FolderItem[]): string[] {
  return [...new Set(items.map(({ file }) => file))].map((file) => {
    const names = items.filter((item) => item.file === file).map(({ key, code }) => code ?? key);
    return `${file}: not loaded, because it is new or changed since you trusted this folder: ${names.join(', ')}. Run \`victor trust\` to see and confirm it.`;
  });
}

/** Settings that are a program, in a folder that is not trusted. */
export function notRunNotice(file: string): string {
  return `${file}: not loaded, because it is code and this folder is not trusted. Run \`victor trust\` (or pass --trust) to load it.`;
}

/** Settings files beside the one that counts. */
export function shadowNotices(result: { found?: { file: string }; shadowed: readonly string[] }): string[] {
  if (!result.found || result.shadowed.length === 0) return [];
  return [`${result.shadowed.join(', ')}: not read, because ${result.found.file} comes first.`];
}

/** Keys of a project's file that do not count, and what would make them count. */
export function ignoredNotices(file: string, counts: Restricted, paths: VictorPaths): string[] {
  const notices: string[] = [];
  if (counts.untilTrusted.length > 0) {
    notices.push(
      `${file}: ignored until this folder is trusted: ${counts.untilTrusted.join(', ')}. Run \`victor trust\` (or pass --trust) to load them.`,
    );
  }
  if (counts.always.length > 0) {
    notices.push(
      `${file}: ignored, because a project may only tighten what holds for you: ${counts.always.join(', ')}. Set them in ${paths.configDirectory} if you want them.`,
    );
  }
  return notices;
}
