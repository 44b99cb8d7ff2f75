import { withoutHeldSecrets } from '../core/held-secrets.js';
import { redact } from '../core/redact.js';
import { modelText } from '../tools/model-text.js';
import type { HookAnswer } from './read-answer.js';

const MOST_REASON = 2_000;
const MOST_CONTEXT = 10_000;

/** What a hook says as a screen and a model may have it: without keys and escape sequences, and bounded. */
export function cleanAnswer({
  blocks,
  permission,
  input,
  context,
  message,
  stops,
  problem,
}: HookAnswer): HookAnswer {
  return {
    ...(blocks === undefined ? {} : { blocks: clean(blocks) }),
    ...(permission ? { permission: { ...permission, reason: clean(permission.reason) } } : {}),
    ...(input === undefined ? {} : { input }),
    ...(context === undefined ? {} : { context: clean(context, MOST_CONTEXT) }),
    ...(message === undefined ? {} : { message: clean(message) }),
    ...(stops === undefined ? {} : { stops: clean(stops) }),
    ...(problem === undefined ? {} : { problem: clean(problem) }),
  };
}

function clean(text: string, most = MOST_REASON): string {
  const whole = modelText(redact(withoutHeldSecrets(text)));
  return whole.length > most
    ? `${whole.slice(0, most).replace(/[\ud800-\udbff]$/, '')}… (cut after ${most} characters)`
    : whole;
}
