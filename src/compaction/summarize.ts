import type { Context } from '../core/context.js';
import { CompactionError } from '../core/errors.js';
import type { CompactionStrategy, ModelAccess } from '../core/extension.js';
import type { Message } from '../core/message.js';
import { estimateMessageTokens, estimateTokens } from '../core/tokens.js';
import { blocksHolding, latestUserBlock, toBlocks } from './blocks.js';
import { collectFacts, factsText, splitFacts } from './facts.js';
import { createSummary, summaryInstructions, summaryPrompt, summaryText } from './summary.js';
import { withoutInstructions } from './touched-path.js';
import { transcript } from './transcript.js';

export interface SummarizeOptions {
  /** Messages kept word for word at the end; 10 when absent. A call is never parted from its results. */
  readonly keepLast?: number;
  /** Tokens the summary may have; 4,096 when absent. */
  readonly maxTokens?: number;
  /** Estimated tokens of the conversation that the model is given to read; longer ones are shortened. 30,000 when absent. */
  readonly maxInputTokens?: number;
}

const CHARACTERS_PER_TOKEN = 4;
/** Of what is summarised, what constraints and files may take, and how many characters at most. */
const FACTS_SHARE = 0.25;
const MOST_FACTS = 8_000;
/** A summary takes about this much itself, in tokens: less than that is left as it is. */
const WORTH_TOKENS = 250;

/**
 * Replaces everything but the last messages by one message: the user's constraints word for word and the files touched,
 * both collected here, and notes that the session's model writes. Notes from before are brought up to date, not summarised
 * again; instruction files are not summarised at all. Throws `CompactionError` without a model or a useful answer.
 */
export function createSummarizeStrategy(options: SummarizeOptions = {}): CompactionStrategy {
  const { keepLast = 10, maxTokens = 4_096, maxInputTokens = 30_000 } = options;
  return {
    name: 'summarize',
    async compact(context: Context, model?: ModelAccess): Promise<Context> {
      const { messages, metadata } = context;
      const blocks = toBlocks(messages);
      const earlier = blocks.length - blocksHolding(blocks, keepLast);
      const replaced = blocks.slice(0, earlier).flat();
      const conversation = replaced.filter((message) => !message.summary);
      if (estimateTokens(conversation) < WORTH_TOKENS) return context;
      if (!model) {
        throw new CompactionError('No model is there to write a summary.', {
          advice: 'Choose a provider with a model, or the strategy recent.',
        });
      }
      const earlierNotes = splitFacts(replaced.flatMap((message) => summaryText(message) ?? []).join('\n\n'));
      const before = earlierNotes.notes;
      const room = maxInputTokens * CHARACTERS_PER_TOKEN;
      const prompt = summaryPrompt(
        transcript(withoutInstructions(conversation), Math.max(room - before.length, room / 2)),
        before,
        typeof metadata.currentTask === 'string' ? metadata.currentTask : '',
      );
      const answer = await model.complete({ system: summaryInstructions, prompt, maxTokens });
      const most = Math.min(MOST_FACTS, estimateTokens(replaced) * CHARACTERS_PER_TOKEN * FACTS_SHARE);
      const facts = factsText(collectFacts(conversation, earlierNotes.facts), most);
      const summary = checked(answer, facts, replaced);

      const latestUser = latestUserBlock(blocks);
      const task = latestUser >= 0 && latestUser < earlier ? blocks[latestUser]! : [];
      const system = messages.filter((message) => message.role === 'system');
      return { messages: [...system, summary, ...task, ...blocks.slice(earlier).flat()], metadata };
    },
  };
}

/** The summary, when there are notes and it takes less room than what it stands for. */
function checked(answer: string, facts: string, replaced: readonly Message[]): Message {
  const notes = answer.trim();
  if (notes === '') {
    throw new CompactionError('The model answered an empty summary.', {
      advice: 'Try again, or another model.',
    });
  }
  // What the model wrote is not to pass for what was collected.
  const summary = createSummary([facts, splitFacts(notes).notes].filter((one) => one !== '').join('\n\n'));
  if (estimateMessageTokens(summary) >= estimateTokens(replaced)) {
    throw new CompactionError('The summary is longer than what it stands for.', {
      advice: 'Compact later, or lower maxTokens of the strategy summarize.',
    });
  }
  return summary;
}
