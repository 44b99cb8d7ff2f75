import { codeLanguage } from '../markdown/code-label.js';

/** The languages that are coloured, by each name that a code fence may give them. */
const names: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', 'sh', 'shell', 'zsh', 'console', 'shellscript'],
  c: ['c', 'h'],
  cpp: ['cpp', 'c++', 'cc', 'cxx', 'hpp'],
  css: ['css'],
  diff: ['diff', 'patch'],
  dockerfile: ['dockerfile', 'docker'],
  go: ['go', 'golang'],
  ini: ['toml', 'ini', 'conf'],
  java: ['java'],
  javascript: ['javascript', 'js', 'jsx', 'mjs', 'cjs'],
  json: ['json', 'jsonc', 'json5', 'jsonl'],
  markdown: ['markdown', 'md'],
  php: ['php'],
  python: ['python', 'py', 'python3'],
  ruby: ['ruby', 'rb'],
  rust: ['rust', 'rs'],
  sql: ['sql', 'sqlite', 'postgres', 'postgresql', 'mysql'],
  typescript: ['typescript', 'ts', 'tsx', 'mts', 'cts'],
  xml: ['html', 'xml', 'svg', 'xhtml', 'vue', 'svelte'],
  yaml: ['yaml', 'yml'],
};

const byName = new Map(
  Object.entries(names).flatMap(([language, all]) => all.map((name): [string, string] => [name, language])),
);

/** The language that a code fence names, if it is one that is coloured. */
export function languageOf(info: string): string | undefined {
  return byName.get(codeLanguage(info).toLowerCase());
}
