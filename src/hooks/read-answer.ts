import * as z from 'zod';
import type { HookName } from '../core/hook.js';
import type { ProgramResult } from './run-program.js';

/** What one hook says. */
export interface HookAnswer {
  /** It refuses what it was told of, with this reason. */
  readonly blocks?: string;
  /** What it says of a call of a tool. */
  readonly permission?: { readonly verdict: 'allow' | 'ask' | 'deny'; readonly reason: string };
  /** What the call is to run with. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** For the model. */
  readonly context?: string;
  /** For the user. */
  readonly message?: string;
  /** The turn ends, with this reason. */
  readonly stops?: string;
  /** Nothing it says counts: why, in words that follow "it". */
  readonly problem?: string;
}

const text = z.string();
const answer = z.looseObject({
  continue: z.boolean().optional(),
  stopReason: text.optional(),
  suppressOutput: z.boolean().optional(),
  systemMessage: text.optional(),
  decision: z.enum(['block', 'approve']).optional(),
  reason: text.optional(),
  hookSpecificOutput: z
    .looseObject({
      hookEventName: text.optional(),
      permissionDecision: z.enum(['allow', 'deny', 'ask']).optional(),
      permissionDecisionReason: text.optional(),
      additionalContext: text.optional(),
      updatedInput: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

/** Events whose plain output is for the model. */
const speakers: readonly HookName[] = ['SessionStart', 'UserPromptSubmit'];
/** Events that have somewhere to put what is for the model. */
const contextual: readonly HookName[] = [...speakers, 'PostToolUse'];
const noReason = 'It gave no reason.';

/** What a run comes to: exit code 2 refuses, 0 says it on standard output, and every other one is a failure. */
export function readAnswer(hook: HookName, { code, problem, stdout, stderr }: ProgramResult): HookAnswer {
  if (problem !== undefined) return { problem: withSaid(problem, stderr) };
  if (code === 2) return { blocks: stderr.trim() || noReason };
  if (code !== 0) return { problem: withSaid(`ended with exit code ${code}`, stderr) };
  const said = stdout.trim();
  if (said === '') return {};
  if (!said.startsWith('{')) return speakers.includes(hook) ? { context: said } : {};
  return readJson(hook, said);
}

function readJson(hook: HookName, output: string): HookAnswer {
  let given: unknown;
  try {
    given = JSON.parse(output);
  } catch {
    return { problem: 'printed JSON that cannot be read' };
  }
  const result = answer.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    return { problem: `printed JSON whose ${issue?.path.join('.') || 'content'} is not what it may be` };
  }
  const {
    continue: goes,
    stopReason,
    systemMessage,
    decision,
    reason,
    hookSpecificOutput = {},
  } = result.data;
  const { permissionDecision, permissionDecisionReason, additionalContext, updatedInput } =
    hookSpecificOutput;
  const why = permissionDecisionReason ?? reason ?? noReason;
  const verdict = permissionDecision ?? decisions[decision ?? 'none'];
  return {
    ...(decision === 'block' && hook !== 'PreToolUse' ? { blocks: reason ?? noReason } : {}),
    ...(verdict && hook === 'PreToolUse' ? { permission: { verdict, reason: why } } : {}),
    ...(updatedInput && hook === 'PreToolUse' ? { input: updatedInput } : {}),
    ...(additionalContext?.trim() && contextual.includes(hook) ? { context: additionalContext.trim() } : {}),
    ...(systemMessage?.trim() ? { message: systemMessage.trim() } : {}),
    ...(goes === false ? { stops: stopReason ?? noReason } : {}),
  };
}

/** The older words for the same. */
const decisions = { block: 'deny', approve: 'allow', none: undefined } as const;

/** With the first line of what it said about itself. */
function withSaid(problem: string, stderr: string): string {
  const line = stderr.trim().split('\n', 1)[0]!.trim();
  return line === '' ? problem : `${problem}; it said: ${line}`;
}
