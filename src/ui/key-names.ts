import type { Key } from './keys.js';

type NamedKey = Extract<Key, { readonly type: 'key' }>;

/** A key in short: `C-` for Ctrl, `M-` for Alt, `S-` for Shift, then its name. */
export function keyName({ name, ctrl, alt, shift }: NamedKey): string {
  return `${ctrl ? 'C-' : ''}${alt ? 'M-' : ''}${shift ? 'S-' : ''}${name}`;
}

/** What a key may be bound as, the exact one first: Shift changes nothing, and Alt nothing beside Ctrl, unless a table says so. */
export function keyNames(key: NamedKey): readonly string[] {
  const { ctrl, alt, shift } = key;
  const names = [keyName(key)];
  if (shift) names.push(keyName({ ...key, shift: false }));
  if (ctrl && alt) names.push(keyName({ ...key, shift: false, alt: false }));
  return names;
}

const words: Readonly<Record<string, string>> = { escape: 'Esc' };

/** The same as people write it: `Ctrl+X Ctrl+E`. */
export function keyLabel(short: string): string {
  return short
    .split(' ')
    .map((one) => {
      const [, modifiers = '', name = ''] = /^((?:[CMS]-)*)(.+)$/.exec(one) ?? [];
      const held = modifiers.replace('C-', 'Ctrl+').replace('M-', 'Alt+').replace('S-', 'Shift+');
      return held + (words[name] ?? name.charAt(0).toUpperCase() + name.slice(1));
    })
    .join(' ');
}
