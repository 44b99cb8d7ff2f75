import { statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Key } from '../keys.js';
import type { Screen } from '../screen.js';
import { mentionOf } from './mention-items.js';

const imageName = /\.(?:png|jpe?g|gif|webp)$/i;

/**
 * A paste that is nothing but the path of a picture, as terminals give it for a file that is dropped on them, becomes a mention
 * of it; every other key is itself. A command of the user's own gets the path.
 */
export function withImageMention(key: Key, { input, approval, choice }: Screen, cwd: string): Key {
  if (key.type !== 'paste' || approval || choice || input.text.startsWith('!')) return key;
  const path = imagePath(key.text.trim());
  if (path === undefined || !isFile(path)) return key;
  const inside = relative(cwd, path);
  const text = `${mentionOf(inside.startsWith('..') || isAbsolute(inside) ? path : inside)} `;
  return { type: 'text', text };
}

/** The absolute path of a picture in one of the forms in which it is pasted; `undefined` for every other text. */
export function imagePath(text: string): string | undefined {
  if (text.length > 4_096 || text.includes('\n') || !imageName.test(text.replace(/['"]$/, '')))
    return undefined;
  const quoted = /^(['"])(.*)\1$/.exec(text)?.[2];
  const path = quoted ?? (text.startsWith('file://') ? fromURL(text) : text.replace(/\\(.)/g, '$1'));
  return path !== undefined && isAbsolute(path) && !path.includes('"') ? path : undefined;
}

function fromURL(text: string): string | undefined {
  try {
    return fileURLToPath(text);
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
