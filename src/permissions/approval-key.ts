import { relative } from 'node:path';
import type { ProjectApproval } from '../core/approval-store.js';
import type { Tool } from '../core/tool.js';
import { hostAsked, shellCommandOf, toolPaths } from '../core/tool-paths.js';
import { toolTitle } from '../core/tool-title.js';
import { type Looked, whyGuarded } from './looked.js';
import { lies } from './real-path.js';
import { scriptsOf } from './scripts.js';
import { isSecret } from './workspace.js';

/** What the user allowed for one session, for people to read. */
export interface SessionApproval {
  readonly tool: string;
  readonly what: string;
}

/** What an approval of one call covers. */
export interface Covered {
  /** In one text; absent where nothing but this call may be covered. */
  readonly session?: string;
  /** The same for people to read. */
  readonly shown: SessionApproval;
  /** The same in words for the question: what a yes for longer than once will cover. */
  readonly sessionWords: string;
  /** Absent where it may not be open for longer than a session. */
  readonly project?: ProjectApproval;
  readonly projectWords: string;
}

/** What an approval of this call covers, as everything is now. */
export function coveredBy(looked: Looked): Covered {
  if (looked.tool.identity !== undefined) return toolCovered(looked.tool, looked.tool.identity);
  const host = hostAsked(looked.tool, looked.call);
  if (host) return hostCovered(looked.tool, host);
  return looked.tool.kind === 'execute' ? commandCovered(looked) : pathsCovered(looked);
}

/** Every call of a tool of another program, while it stays the tool it is. */
function toolCovered({ name }: Tool, identity: string): Covered {
  const what = 'every call while it stays as it is';
  const key = `${name}\n${identity}`;
  const words = `every ${name} while it and its server stay as they are`;
  return {
    session: key,
    shown: { tool: name, what },
    sessionWords: words,
    project: { key, tool: name, what, scripts: [] },
    projectWords: words,
  };
}

/** Every call of the tool to this host. */
function hostCovered({ name }: Tool, host: string): Covered {
  const key = `${name}\n${host}`;
  const words = `every ${name} of ${host}`;
  return {
    session: key,
    shown: { tool: name, what: host },
    sessionWords: words,
    project: { key, tool: name, what: host, scripts: [] },
    projectWords: words,
  };
}

/** Exactly this command, with the scripts it runs as they are. */
function commandCovered({ tool, call, roots }: Looked): Covered {
  // What a tool says of a call may be less than what the call does.
  const what = shellCommandOf(tool, call) ?? JSON.stringify(call.input);
  const folder = roots[0]!;
  const scripts = scriptsOf(what, folder);
  const shown = { tool: tool.name, what };
  const files = (scripts?.files ?? []).map((file) => relative(folder, file));
  const words = `exactly this ${shellCommandOf(tool, call) === undefined ? 'call' : 'command'}${whileSame(files)}`;
  const said = { shown, sessionWords: words, projectWords: words };
  if (scripts === undefined) return said;
  const key = `${tool.name}\n${what}\n${scripts.hash}`;
  // What it runs may change without being seen, so it is not kept.
  if (scripts.unnamed) return { ...said, session: key };
  return { ...said, session: key, project: { key, tool: tool.name, what, scripts: files } };
}

const mostFiles = 3;

/** On which scripts an approval depends. */
function whileSame(files: readonly string[]): string {
  if (files.length === 0) return '';
  const more = files.length > mostFiles ? ` and ${files.length - mostFiles} more` : '';
  const stay = files.length === 1 ? 'stays as it is' : 'stay as they are';
  return `, while ${files.slice(0, mostFiles).join(', ')}${more} ${stay}`;
}

/**
 * What is not protected in the workspace, for the whole tool; for a project what is not protected in its folder, because
 * other folders may be added to another session. Else exactly this path, where it leads now. What is protected or may
 * hold secrets is open for a session at most.
 */
function pathsCovered(looked: Looked): Covered {
  const { tool, call, touched, roots } = looked;
  const project = (key: string, what: string) => ({ key, tool: tool.name, what, scripts: [] });
  if (touched === undefined || touched.length === 0) {
    // Nobody knows what it touches.
    const input = JSON.stringify(call.input);
    const key = `${tool.name}\n${input}`;
    const words = 'exactly this call';
    const said = { shown: { tool: tool.name, what: input }, sessionWords: words, projectWords: words };
    return { ...said, session: key, project: project(key, input) };
  }
  const real = touched.map((one) => one.real);
  const whole = real.join(', ');
  const title = toolTitle(tool, call);
  const exact = [tool.name, title, ...real].join('\n');
  const every = (what: string) => `every ${tool.name} of ${what}`;
  // A title that says more than the path stands for a call that does less than everything to it.
  const one =
    toolPaths(tool, call)?.join() === title ? every(whole) : `exactly this ${tool.name} of ${whole}`;
  const said = { shown: { tool: tool.name, what: whole }, sessionWords: one, projectWords: one };
  if (touched.some(isSecret) || (tool.kind === 'edit' && whyGuarded(looked) !== undefined))
    return { ...said, session: exact };
  const inside = 'what is not protected in the workspace';
  const session = touched.every((path) => path.inside)
    ? { session: tool.name, shown: { tool: tool.name, what: inside }, sessionWords: every(inside) }
    : { session: exact };
  const here = 'what is not protected in this folder';
  return real.every((path) => lies(path, roots[0]!))
    ? {
        ...said,
        ...session,
        project: project(tool.name, here),
        projectWords: every(`what is not protected in ${roots[0]}`),
      }
    : { ...said, ...session, project: project(exact, whole) };
}
