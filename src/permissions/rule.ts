import { hostPatternProblem } from './host-pattern.js';

/** One rule as the user wrote it, read once: a tool's name, and what in its calls it is about. */
export interface Rule {
  readonly text: string;
  readonly tool: string;
  /** Absent: every call of the tool. */
  readonly pattern?: string;
}

/** The tool whose patterns are about commands; those of every other tool, but for the next, are about paths. */
export const SHELL_TOOL = 'Bash';

/** The tool whose patterns are about hosts. */
export const HOST_TOOL = 'WebFetch';

/** Reads `Tool` and `Tool(pattern)`, or says in words what is wrong and how it is written. */
export function parseRule(text: string): Rule | { readonly problem: string } {
  const found = /^([^\s()]+)(?:\(([\s\S]*)\))?$/.exec(text.trim());
  if (!found) return { problem: 'expected Tool or Tool(pattern), such as Bash(git status:*) or Edit(*.md)' };
  const [, tool, given] = found;
  const pattern = given?.trim();
  if (given === undefined) return { text, tool: tool! };
  if (pattern === '')
    return { problem: `expected a pattern in the brackets; write ${tool} for all its calls` };
  if (pattern === '*' || (tool === SHELL_TOOL && pattern === ':*')) return { text, tool: tool! };
  const problem = problemOf(tool!)(pattern!);
  return problem === undefined ? { text, tool: tool!, pattern: pattern! } : { problem };
}

function problemOf(tool: string): (pattern: string) => string | undefined {
  if (tool === SHELL_TOOL) return commandProblem;
  return tool === HOST_TOOL ? hostPatternProblem : pathProblem;
}

/** Why a rule cannot be used, for whoever checks settings before anything runs. */
export function ruleProblem(text: string): string | undefined {
  const rule = parseRule(text);
  return 'problem' in rule ? rule.problem : undefined;
}

/** A rule speaks of the words of one command, so what bash would make of signs has no place in it. */
function commandProblem(pattern: string): string | undefined {
  if (/[\n\r\0]/.test(pattern)) return 'expected one line of words';
  if (/[;&|<>()`$"'\\{}[\]]/.test(pattern))
    return 'expected the plain words of one command, without quotes and signs; write one rule for each command';
  if (/[*?]/.test(pattern.replace(/(?::| )\*$/, '')))
    return 'expected * only at the end, as in Bash(git status:*)';
  return undefined;
}

function pathProblem(pattern: string): string | undefined {
  if (pattern.includes('\0')) return 'expected a path pattern';
  if (pattern.split('/').includes('..')) return 'expected a path pattern without ..; write the whole path';
  return undefined;
}
