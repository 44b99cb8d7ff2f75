import { ConfigError } from './errors.js';

/** A tag as the user wrote it, without a leading `#`. Throws a ConfigError for what a list could not show as one word. */
export function checkedTag(text: string): string {
  const tag = text.replace(/^#/, '');
  if (/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._:/-]{0,49}$/u.test(tag)) return tag;
  throw new ConfigError(`"${text}" cannot be a tag`, {
    advice: 'A tag is one word of at most 50 letters, digits and . _ : / -, such as work or release-2.',
  });
}
