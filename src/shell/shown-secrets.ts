import { isSecretPath } from '../core/secret-path.js';

/** Programs that show or pass on what stands in the files they are given. */
const readers = new Set(
  'cat tac nl rev head tail less more most bat batcat sed awk gawk mawk grep egrep fgrep zgrep rg ag ack cut sort uniq paste join comm fold fmt pr expand unexpand column shuf split tr jq yq diff cmp xxd od hexdump hd strings base64 base32 zcat cp mv install ln scp rsync tar zip gzip bzip2 xz 7z dd tee curl wget nc openssl gpg source . vi vim view nano emacs code xargs mapfile readarray'.split(
    ' ',
  ),
);
/** Programs whose words are programs themselves: a path may stand anywhere inside one. */
const interpreters = new Set(
  'sh bash dash zsh ksh fish eval python python2 python3 node deno bun ruby perl php lua osascript'.split(
    ' ',
  ),
);
const wrappers = new Set(
  'sudo doas env nice nohup time timeout command builtin exec stdbuf setsid busybox'.split(' '),
);
/** Their first word is a pattern or a program, which may well speak of `.env`. */
const patternFirst = new Set('grep egrep fgrep zgrep rg ag ack sed awk gawk mawk jq yq tr'.split(' '));
/** What stands behind such an option is the name of a file, not the pattern. */
const takesFile = /^(?:-[A-Za-z]*[gf]|--(?:i?glob|file|include))$/;

/** The first file with secrets that a command seems to show, whatever its options: for commands that nobody vouches for. */
export function shownSecret(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => !wrappers.has(nameOf(word)) && !/^-|=|^\d/.test(word));
  if (at === -1) return undefined;
  const name = nameOf(argv[at]!);
  const words = argv.slice(at + 1);
  if (interpreters.has(name))
    return words.flatMap((word) => word.split(/[\s'"()<>|&;,=]+/)).find(isSecretPath);
  if (name === 'find')
    return words.some((word) => /^-(?:exec|ok)/.test(word)) ? words.find(isSecretPath) : undefined;
  if (!readers.has(name)) return undefined;
  const isPattern = (word: string, index: number) =>
    !word.startsWith('-') && !takesFile.test(words[index - 1] ?? '');
  const first = patternFirst.has(name) ? words.findIndex(isPattern) : -1;
  return words
    .filter((_, index) => index !== first)
    .flatMap((word) => [word, ...word.split(/[=:@]/)])
    .find(isSecretPath);
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
