import type { Settings } from '../config/schema.js';
import type { Attachment } from '../core/attachment.js';
import type { TurnBudget } from '../core/budget.js';
import type { Turn } from '../core/coordinator.js';
import { newId } from '../core/id.js';
import type { ChatOptions } from './options.js';

export interface NewTurn {
  readonly text: string;
  readonly sessionId: string;
  /** What holds in the session. */
  readonly settings: Settings;
  readonly cwd: string;
  readonly attachments: readonly Attachment[];
  readonly budget: TurnBudget | undefined;
  readonly options: Pick<ChatOptions, 'answerSchema' | 'context' | 'images' | 'limits'>;
}

/** A turn of the loop: what the user sends, and how far it may go under these settings. */
export function newTurn({ text, sessionId, settings, cwd, attachments, budget, options }: NewTurn): Turn {
  const { answerSchema, context, images, limits = {} } = options;
  const { maxTokens } = settings;
  const maxTurns = lower(settings.maxTurns, limits.maxTurns);
  const maxToolCalls = lower(settings.maxToolCalls, limits.maxToolCalls);
  const maxTotalTokens = lower(settings.maxTotalTokens, limits.maxTotalTokens);
  const maxMinutes = lower(settings.maxMinutes, limits.maxMinutes);
  return {
    id: newId(),
    sessionId,
    text,
    ...(images ? { images } : {}),
    ...(answerSchema ? { answerSchema } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    promptContext: { cwd, ...settings.prompt.context, ...context },
    maxTurns,
    maxToolCalls,
    maxTokens,
    subagents: { tokens: 0, toolCalls: 0 },
    ...(maxTotalTokens === undefined ? {} : { maxTotalTokens }),
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    ...(budget ? { budget } : {}),
  };
}

function lower(setting: number, limit: number | undefined): number;
function lower(setting: number | undefined, limit: number | undefined): number | undefined;
function lower(setting: number | undefined, limit: number | undefined): number | undefined {
  return setting === undefined ? limit : Math.min(setting, limit ?? setting);
}
