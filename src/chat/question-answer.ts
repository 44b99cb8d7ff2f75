import type { Approval } from '../core/decision.js';
import type { ToolResult } from '../core/tool.js';

/** What the user's answer to a question of the model comes to: their words are the result of the call. */
export function questionAnswer({ allowed, answer, feedback }: Approval): ToolResult {
  const said = (allowed ? answer : undefined) ?? feedback;
  if (typeof said === 'string' && said.trim() !== '')
    return { content: `The user answered: ${said}`, summary: said };
  const content =
    'The user gave no answer. Go on by your own judgement where nothing is lost by it; else end here and say what is open.';
  return { content, summary: 'no answer' };
}
