import type { Mode } from '../../core/coordinator.js';
import type { Decision, Verdict } from '../../core/decision.js';
import type { AgentOrchestrator } from '../../orchestrator.js';
import { classifyCommand, type SimpleCommand } from '../../shell/classify.js';
import { quoteWord } from '../../shell/quote.js';

export interface Explanation {
  readonly command: string;
  /** What would really happen here: `ask` means that the user is asked, or that it is refused where nobody can answer. */
  readonly verdict: Verdict;
  readonly reason: string;
  /** The rule that won, as the user wrote it. */
  readonly rule?: string;
  readonly mode: Mode;
  /** Whether `commands` is certainly what bash would run. */
  readonly exact: boolean;
  readonly commands: readonly ExplainedCommand[];
}

export interface ExplainedCommand {
  readonly text: string;
  readonly argv: readonly string[];
  readonly redirects: readonly string[];
  readonly paths: readonly string[];
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rule?: string;
}

/** Asks the real coordinator about the line, and about each of its commands as if it stood alone. */
export async function explain(
  command: string,
  { coordinators }: AgentOrchestrator,
  sessionId: string,
): Promise<Explanation> {
  const { permission, mode } = coordinators;
  const decide = (text: string) =>
    permission.decide({ id: 'explain', name: 'Bash', input: { command: text } }, sessionId);
  const classified = classifyCommand(command);
  const { commands, exact } = classified;
  const decision = await decide(command);
  const explained: ExplainedCommand[] = [];
  for (const one of commands) {
    const text = textOf(one, exact);
    explained.push({ text, ...parts(one), ...told(exact ? because(one, await decide(text)) : one) });
  }
  return {
    command,
    ...told(because(classified, decision)),
    mode: mode.current(sessionId),
    exact,
    commands: explained,
  };
}

/** A decision that no rule made says what of the command made it necessary. */
function because(classified: Decision, decision: Decision): Decision {
  const asked = decision.verdict === 'ask' && classified.verdict === 'ask' && decision.rule === undefined;
  return asked && !decision.reason.includes(classified.reason)
    ? { ...decision, reason: `${classified.reason} ${decision.reason}` }
    : decision;
}

function textOf({ argv, redirects }: SimpleCommand, exact: boolean): string {
  return [...(exact ? argv.map(quoteWord) : argv), ...redirects].join(' ');
}

function parts({ argv, redirects, paths }: SimpleCommand) {
  return { argv, redirects, paths };
}

function told({ verdict, reason, rule }: Decision) {
  return { verdict, reason, ...(rule === undefined ? {} : { rule }) };
}
