import type { Judgement } from './judgement.js';

/** Tests and actions without an argument; never -exec, -ok, -delete, -fprint, -fls, -follow and their like. */
const alone = new Set(
  '( ) ! -not -o -or -a -and -print -print0 -ls -prune -depth -xdev -mount -empty -true -false -readable -writable -executable -nouser -nogroup -quit -daystart'.split(
    ' ',
  ),
);
const withValue = new Set(
  '-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -type -size -mtime -mmin -atime -amin -ctime -cmin -maxdepth -mindepth -perm -user -group -links -inum -printf'.split(
    ' ',
  ),
);

export function judgeFind(words: readonly string[]): Judgement {
  let at = 0;
  const paths: string[] = [];
  // -L would follow links out of the workspace.
  while (words[at] === '-P') at++;
  while (at < words.length && !/^[-(!)]/.test(words[at]!)) paths.push(words[at++]!);
  if (paths.length === 0) paths.push('.');
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (alone.has(word)) continue;
    const takesFile = word === '-newer';
    if (!takesFile && !withValue.has(word)) return { unsure: `Nobody has vouched for find with ${word}.` };
    const value = words[++at];
    if (value === undefined) return { unsure: `${word} of find lacks its value.` };
    if (takesFile) paths.push(value);
  }
  return { paths, shown: [] };
}
