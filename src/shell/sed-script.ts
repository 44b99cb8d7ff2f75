import type { Judgement } from './judgement.js';

const address = String.raw`(?:\d+|\$|/(?:[^/\\\n]|\\[^\n])*/)`;
/** Prints lines or stops: no command that writes, reads or runs, and none that changes text. */
const printing = new RegExp(`^(?:${address}(?:,${address})?)?p$|^\\d*q$`);

/** `sed -n` with a script that only prints. The script is one word, so that no file name can be taken for it. */
export function judgeSed(words: readonly string[]): Judgement {
  let quiet = false;
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    if (words[at] === '-n' || words[at] === '--quiet' || words[at] === '--silent') quiet = true;
    else if (words[at] === '-nE' || words[at] === '-nr') quiet = true;
    else if (words[at] !== '-E' && words[at] !== '-r')
      return { unsure: `Nobody has vouched for its option ${words[at]}.` };
  }
  const script = words[at];
  const paths = words.slice(at + 1);
  if (!quiet || script === undefined) return { unsure: 'Only sed -n with a script that prints reads alone.' };
  if (!isPrinting(script)) return { unsure: 'The script of sed may do more than print lines.' };
  // Options are taken behind the script too.
  const option = paths.find((path) => path.startsWith('-'));
  return option === undefined ? { paths } : { unsure: `Nobody has vouched for its option ${option}.` };
}

function isPrinting(script: string): boolean {
  // A semicolon inside an address would split it; such a script then asks.
  return script.split(';').every((command) => printing.test(command.trim()));
}
