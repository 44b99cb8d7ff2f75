import type { Span } from '../spans.js';

/** `[name]: address "title"`, which stands for the address wherever a link refers to it. Footnotes are none. */
const definition =
  /^ {0,3}\[(?!\^)([^\][\\]{1,200})\]:\s+(?:<([^<>]*)>|(\S+))(\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*$/;

export function isReference(line: string): boolean {
  return definition.test(line);
}

export function referenceSpans(line: string): Span[] {
  const [, name = '', bracketed, bare, title = ''] = definition.exec(line) ?? [];
  return [
    { text: `[${name}]: `, style: 'dim' },
    { text: bracketed ?? bare ?? '', style: 'link' },
    { text: title.trimEnd(), style: 'dim' },
  ];
}

/** Whether brackets before other brackets may be a link's: not `rows[index][0]`, and not sources as `[1][2]`. */
export function isReferenceLabel(label: string, before: string): boolean {
  return !/[\p{L}\p{N}_\])]/u.test(before) && !/^[\d\s,^xX]*$/.test(label);
}
