import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, relative, sep } from 'node:path';
import { withoutDroppedEndings } from '../core/dropped-endings.js';
import { replaceText } from '../tools/replace-text.js';

/** At any depth: what git, editors, shells, package managers and Victor itself run or obey without being asked. */
const names =
  /^(?:\.git|\.gitattributes|\.gitmodules|\.gitconfig|\.husky|\.vscode|\.idea|\.devcontainer|\.envrc|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.c?js|\.victor|\.agents|\.claude|\.victorrc.*|victor\.config\..+|\.mcp\.json|\.github|\.circleci|\.gitlab-ci\.ya?ml|azure-pipelines\.ya?ml|bitbucket-pipelines\.ya?ml|appveyor\.ya?ml|buildspec\.ya?ml|cloudbuild\.ya?ml|jenkinsfile|\.pre-commit-config\.yaml|lefthook\.ya?ml)$/i;

/**
 * Why writing to a real path asks in every mode, or `undefined`: what is there has power beyond its text, so an edit of
 * it is more than an edit. Whether it exists makes no difference.
 */
export function whyProtected(path: string, roots: readonly string[]): string | undefined {
  const root = roots.find((one) => path === one || path.startsWith(one.endsWith(sep) ? one : one + sep));
  const parts = (root === undefined ? path : relative(root, path)).split(sep).filter(Boolean);
  const part = parts.find((one) => names.test(withoutDroppedEndings(one)));
  if (part !== undefined) return `${shown(path, root)} is protected: what ${part} holds is obeyed or run.`;
  const first = parts[0];
  if (root !== undefined && first?.startsWith('.'))
    return `${shown(path, root)} is protected: ${first} configures this folder.`;
  if (root === undefined && isHomeDotfile(path)) return `${path} is protected: it configures your account.`;
  return undefined;
}

function isHomeDotfile(path: string): boolean {
  const inside = relative(homedir(), path);
  return inside.startsWith('.') && !inside.startsWith('..');
}

function shown(path: string, root: string | undefined): string {
  return root === undefined ? path : relative(root, path);
}

/** Parts of a package.json whose text is run, or obeyed by Victor. */
const runParts = [
  'scripts',
  'victor',
  'husky',
  'simple-git-hooks',
  'lint-staged',
  'pre-commit',
  'gypfile',
  'bin',
] as const;

/** Why an edit of a package.json asks in every mode: it changes what is run, or nobody can tell that it does not. */
export function whyPackageAsks(path: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (withoutDroppedEndings(basename(path)).toLowerCase() !== 'package.json') return undefined;
  const before = textOf(path);
  const beforeParts = runnable(before);
  const afterParts = runnable(afterEdit(before, input));
  if (beforeParts !== undefined && beforeParts === afterParts) return undefined;
  return `${basename(dirname(path))}/package.json is protected: its scripts would change, and they are run.`;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '{}';
  }
}

function afterEdit(before: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof input.content === 'string') return input.content;
  if (typeof input.oldText !== 'string' || typeof input.newText !== 'string') return undefined;
  const replaced = replaceText(before, input.oldText, input.newText, input.replaceAll === true);
  return replaced.found === 'replaced' ? replaced.text : before;
}

/** One text for all those parts; `undefined` where the file is no JSON object. */
function runnable(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    return JSON.stringify(runParts.map((part) => (parsed as Record<string, unknown>)[part] ?? null));
  } catch {
    return undefined;
  }
}
