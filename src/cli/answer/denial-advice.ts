import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { toolPaths } from '../../core/tool-paths.js';
import type { OpenTurn } from '../open-turn.js';
import type { Denial } from './answer-summary.js';

/** What refused a call decides what would let it run. */
interface Causes {
  /** Tools that a deny rule names; such a rule wins over everything. */
  readonly denied: Set<string>;
  /** Tools that an ask rule names; nobody can be asked here. */
  readonly asked: Set<string>;
  /** Tools that the mode asks before, and those among them that do more than edit. */
  readonly byMode: Set<string>;
  readonly beyondEdits: Set<string>;
  /** The mode refuses, whatever is allowed. */
  refusedByMode: boolean;
  /** A file that holds secrets by convention would have been shown. */
  secret: boolean;
  /** A hook refused it, or wanted somebody asked. */
  hook: boolean;
  /** Tools of the user's that do not tell what they would touch. */
  readonly unknown: Set<string>;
  /** Something outside the workspace was to be touched: the directories that hold it, where they are known. */
  outside: boolean;
  readonly directories: Set<string>;
}

/** One line about the calls that were refused: how many, which, and for each cause what would let them run. */
export function denialText(denials: readonly Denial[], turn: OpenTurn): string {
  const names = [...new Set(denials.map(({ call }) => call.name))];
  const count =
    denials.length === 1 ? '1 tool call was refused' : `${denials.length} tool calls were refused`;
  return `${count} (${names.join(', ')}). ${advice(causesOf(denials, turn)).join(' ')}`.trim();
}

function causesOf(denials: readonly Denial[], turn: OpenTurn): Causes {
  const causes: Causes = {
    denied: new Set(),
    asked: new Set(),
    byMode: new Set(),
    beyondEdits: new Set(),
    refusedByMode: false,
    secret: false,
    hook: false,
    unknown: new Set(),
    outside: false,
    directories: new Set(),
  };
  for (const denial of denials) addCause(causes, denial, turn);
  return causes;
}

function addCause(causes: Causes, { call, decision }: Denial, turn: OpenTurn): void {
  const { sessionId, orchestrator } = turn;
  const { mode: modes, tool: tools } = orchestrator.coordinators;
  const tool = tools.list(sessionId).find(({ name }) => name === call.name);
  if (!decision || !tool) return;
  if (decision.cause === 'hook') {
    causes.hook = true;
    return;
  }
  if (decision.rule !== undefined) {
    const ruled = decision.verdict === 'deny' || decision.denies ? causes.denied : causes.asked;
    ruled.add(decision.rule);
    return;
  }
  const mode = modes.allows(tool, sessionId);
  if (decision.verdict === 'deny') {
    if (mode.verdict === 'deny') causes.refusedByMode = true;
    else causes.secret = true;
    return;
  }
  if (mode.verdict === 'ask') {
    causes.byMode.add(tool.name);
    if (tool.kind !== 'edit') causes.beyondEdits.add(tool.name);
  }
  // What is asked for another reason than the mode's leaves the workspace.
  if (decision.reason === mode.reason) return;
  const paths = toolPaths(tool, call);
  if (paths === undefined) {
    causes.unknown.add(tool.name);
    return;
  }
  causes.outside = true;
  for (const path of paths) addDirectory(causes.directories, path, turn.cwd);
}

/** The directory that would have to be added, unless the path lies in the working directory or under none but the root. */
function addDirectory(directories: Set<string>, path: string, cwd: string): void {
  let real = resolve(cwd, path);
  while (!isDirectory(real)) real = dirname(realOf(real));
  real = realOf(real);
  const inside = real === cwd || real.startsWith(cwd + sep);
  if (!inside && real !== dirname(real)) directories.add(real);
}

function advice(causes: Causes): string[] {
  const { denied, asked, byMode, beyondEdits, refusedByMode, unknown, outside, directories } = causes;
  const sentences: string[] = [];
  if (denied.size > 0) {
    sentences.push(
      `A deny rule always wins: take ${list(denied)} out of --disallowed-tools or permissions.deny.`,
    );
  }
  if (asked.size > 0) {
    sentences.push(
      `Nobody can be asked here: take ${list(asked)} out of permissions.ask, or use victor chat.`,
    );
  }
  if (causes.secret) {
    sentences.push(
      `Files that may hold secrets are read only if you name them: --allowed-tools 'Read(.env)'.`,
    );
  }
  if (causes.hook) sentences.push('A hook wants it so: victor config show --origin says where it is set.');
  if (refusedByMode) sentences.push('The mode refuses it: choose another with --permission-mode.');
  if (unknown.size > 0) {
    sentences.push(`Mend paths() of ${list(unknown)}, or run it with --permission-mode yolo.`);
  }
  if (outside) {
    const flags = [...directories].map((directory) => `--add-dir ${shown(directory)}`);
    const added = flags.length > 0 ? flags.join(' ') : '--add-dir DIRECTORY';
    sentences.push(`What lies outside the workspace takes ${added}.`);
  }
  if (byMode.size > 0) {
    const mode = beyondEdits.size > 0 ? 'a --permission-mode that runs it' : '--permission-mode accept-edits';
    sentences.push(`Allow it with --allowed-tools ${[...byMode].join(',')} or ${mode}.`);
  }
  return sentences;
}

function list(names: Set<string>): string {
  return [...names].join(' and ');
}

function shown(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : JSON.stringify(path);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
