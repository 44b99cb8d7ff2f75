import { withoutHeldSecrets } from '../core/held-secrets.js';
import type { HookName, HookOutcome } from '../core/hook.js';
import { redact } from '../core/redact.js';
import { modelText } from '../tools/model-text.js';
import type { HookAnswer } from './read-answer.js';

const MOST_SHOWN = 500;

export type HookVerdict = NonNullable<HookAnswer['permission']>['verdict'];

/** What all hooks of one event say together. */
export interface HookSay {
  /** Somebody refuses; the reasons of all who do. */
  readonly blocks?: string;
  readonly permission?: { readonly verdict: HookVerdict; readonly reason: string };
  /** What the call is to run with: what the first says who wants another input. */
  readonly input?: HookAnswer['input'];
  /** For the model, one text a hook. */
  readonly contexts: readonly string[];
  /** The turn ends. */
  readonly stops?: string;
}

/** What one hook's answer changes, given which verdicts on a call would change something. */
export function outcomeOf(
  hook: HookName,
  { blocks, permission, input, context, stops, problem }: HookAnswer,
  { changing, mayRefuse }: { readonly changing: readonly HookVerdict[]; readonly mayRefuse: boolean },
): { readonly outcome: HookOutcome; readonly reason: string } {
  if (problem !== undefined) return { outcome: 'failed', reason: `It ${problem}.` };
  const against = blocks ?? (hook === 'SessionStart' ? undefined : stops);
  if (against !== undefined && !mayRefuse)
    return { outcome: 'failed', reason: `It refused what nobody can refuse here: ${against}` };
  if (stops !== undefined) return { outcome: 'stopped', reason: stops };
  if (blocks !== undefined) return { outcome: hook === 'Stop' ? 'continued' : 'blocked', reason: blocks };
  if (input && permission?.verdict !== 'deny') return { outcome: 'changed', reason: shortJson(input) };
  if (permission && changing.includes(permission.verdict))
    return { outcome: outcomes[permission.verdict], reason: permission.reason };
  if (context !== undefined) return { outcome: 'context', reason: `It added ${context.length} characters.` };
  return { outcome: 'none', reason: '' };
}

function shortJson(input: NonNullable<HookAnswer['input']>): string {
  const json = modelText(redact(withoutHeldSecrets(JSON.stringify(input))));
  return json.length > MOST_SHOWN ? `${json.slice(0, MOST_SHOWN)}…` : json;
}

const outcomes = { allow: 'allowed', ask: 'asked', deny: 'blocked' } as const;

/** Whether there is something that a hook of this event can keep from happening. */
export function refuses(hook: HookName): boolean {
  return hook !== 'SessionStart' && hook !== 'Notification' && hook !== 'SessionEnd';
}

/** The strictest of what they say counts, with the reasons of all who say that. */
export function together(hook: HookName, answers: readonly HookAnswer[]): HookSay {
  const said = answers.filter(({ problem }) => problem === undefined);
  const refusals = said.flatMap(({ blocks }) => (refuses(hook) ? (blocks ?? []) : []));
  const stops = said.flatMap((answer) => answer.stops ?? []);
  const changing = said.find((answer) => answer.input);
  // A yes is to the input that it was said of: the one who changes it has seen the new one, and nobody else.
  const verdicts = said.flatMap((answer) =>
    changing && answer !== changing && answer.permission?.verdict === 'allow'
      ? []
      : (answer.permission ?? []),
  );
  const verdict = (['deny', 'ask', 'allow'] as const).find((one) =>
    verdicts.some((permission) => permission.verdict === one),
  );
  const reasons = verdicts.filter((permission) => permission.verdict === verdict);
  const input = changing?.input;
  return {
    ...(input ? { input } : {}),
    contexts: said.flatMap(({ context }) => context ?? []),
    ...(refusals.length === 0 ? {} : { blocks: refusals.join('\n') }),
    ...(verdict ? { permission: { verdict, reason: reasons.map(({ reason }) => reason).join(' ') } } : {}),
    ...(stops.length === 0 ? {} : { stops: stops.join(' ') }),
  };
}
