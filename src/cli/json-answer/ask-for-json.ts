import { ConfigError, ProviderError } from '../../core/errors.js';
import type { EventOf, VictorEvent } from '../../core/event.js';
import type { ChatOptions } from '../../orchestrator/options.js';
import type { OpenTurn } from '../open-turn.js';
import { jsonInText } from './json-in-text.js';
import { correctionPrompt, schemaPrompt } from './json-prompts.js';
import { noModelForJson } from './no-model.js';
import type { AnswerSchema } from './read-schema.js';

/** Times that an answer is asked for again; a model that has not understood by then will not. */
export const MOST_CORRECTIONS = 2;

export type JsonOutcome =
  /** `text` is the answer's own JSON, which keeps what a number of JavaScript would lose. */
  | { readonly ok: true; readonly text: string; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[]; readonly asked: number };

export interface JsonAnswer {
  readonly schema: AnswerSchema;
  /** Absent while there is no whole answer, and where none came. */
  outcome?: JsonOutcome;
}

interface Taken {
  readonly end: EventOf<'turn-end'> | undefined;
  readonly toolCalls: number;
}

type Events = AsyncGenerator<VictorEvent, void>;

/**
 * The turns that one answer takes: where it is not what the schema says, the model is told what is wrong and asked again,
 * all of them together within the limits of one turn.
 */
export async function* askForJson(
  answer: JsonAnswer,
  { orchestrator, sessionId }: OpenTurn,
  prompt: string,
  options: Pick<ChatOptions, 'mentions' | 'signal'>,
): Events {
  const { schema } = answer;
  const left = limitsLeft(orchestrator.settings);
  const asking = { ...options, sessionId };
  let answerSchema: AnswerSchema | undefined = schema;
  let text = schemaPrompt(prompt, schema);
  for (let asked = 1; ; asked += 1) {
    let taken: Taken;
    const limits = left.now();
    const begun = { answered: false };
    const ask = (native: AnswerSchema | undefined) =>
      take(
        orchestrator.stream(text, { ...asking, ...(native ? { answerSchema: native } : {}), limits }),
        begun,
      );
    try {
      taken = yield* ask(answerSchema);
    } catch (error) {
      // Providers take parts of JSON schema only, and each another one; in words every model can be asked.
      const refused = error instanceof ProviderError && error.kind === 'invalid-request';
      if (!refused || answerSchema === undefined || asked > 1 || begun.answered) throw error;
      answerSchema = undefined;
      taken = yield* ask(undefined);
    }
    const { end, toolCalls } = taken;
    if (end?.reason !== 'end') return;
    answer.outcome = await outcomeOf(end.content, schema, asked);
    left.spend(end, toolCalls);
    if (answer.outcome.ok || asked > MOST_CORRECTIONS || left.gone) return;
    text = correctionPrompt(answer.outcome.problems);
    // What the user mentioned has gone along.
    delete asking.mentions;
  }
}

/** One turn. `begun` tells, also where it fails, whether the model had answered before. */
async function* take(
  events: AsyncIterable<VictorEvent>,
  begun: { answered: boolean },
): AsyncGenerator<VictorEvent, Taken> {
  let end: EventOf<'turn-end'> | undefined;
  let toolCalls = 0;
  for await (const event of events) {
    // Who answers may be known only now, from a config provider.
    if (event.type === 'turn-start' && event.provider === 'offline') throw noModelForJson();
    if (event.type === 'request-end') begun.answered = true;
    if (event.type === 'tool-call') toolCalls += 1;
    if (event.type === 'turn-end') end = event;
    yield event;
  }
  return { end, toolCalls };
}

async function outcomeOf(content: string, schema: AnswerSchema, asked: number): Promise<JsonOutcome> {
  const found = jsonInText(content);
  if (!found.ok) return { ok: false, problems: [found.problem], asked };
  const { schemaProblems } = await import('./schema-problems.js');
  try {
    const problems = schemaProblems(schema, found.value);
    return problems.length === 0 ? found : { ok: false, problems, asked };
  } catch (cause) {
    throw new ConfigError(`the schema cannot be used: ${(cause as Error).message}`, {
      advice: 'Mend the part of it that this names.',
      cause,
    });
  }
}

type Limits = NonNullable<ChatOptions['limits']>;

/** What is left of each limit that one turn has. */
function limitsLeft({ maxTurns, maxToolCalls, maxTotalTokens, maxMinutes }: Limits) {
  const left: Record<keyof Limits, number | undefined> = {
    maxTurns,
    maxToolCalls,
    maxTotalTokens,
    maxMinutes,
  };
  const names = Object.keys(left) as (keyof Limits)[];
  return {
    get gone(): boolean {
      // Without a tool call an answer can still be corrected.
      return names.some((name) => name !== 'maxToolCalls' && left[name] !== undefined && left[name] <= 0);
    },
    now(): Limits {
      return Object.fromEntries(
        names.flatMap((name) => (left[name] === undefined ? [] : [[name, left[name]]])),
      );
    },
    spend(end: EventOf<'turn-end'>, toolCalls: number): void {
      const spent = {
        maxTurns: end.providerCalls,
        maxToolCalls: toolCalls,
        maxTotalTokens: end.usage.totalTokens,
        maxMinutes: end.durationMs / 60_000,
      };
      for (const name of names)
        if (left[name] !== undefined) left[name] = Math.max(0, left[name] - spent[name]);
    },
  };
}
