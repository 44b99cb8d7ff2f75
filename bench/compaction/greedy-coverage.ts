import type { CompactionStrategy } from '../../src/core/extension.js';
import { estimateMessageTokens } from '../../src/core/tokens.js';
import { stems } from '../../src/relevance/terms.js';

/**
 * What a strategy without vectors would do: takes again and again the message whose words, of those that nothing kept has,
 * are rarest together, per token (greedy coverage by inverse document frequency).
 */
export function greedyCoverage(targetTokens: number): CompactionStrategy {
  return {
    name: 'greedy coverage',
    compact({ messages, metadata }) {
      const words = messages.map(({ content }) => new Set(stems(content)));
      const frequencies = new Map<string, number>();
      for (const own of words)
        for (const word of own) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
      const covered = new Set<string>();
      const kept = new Set<number>();
      const left = new Set(messages.keys());
      for (let room = targetTokens; ; ) {
        let best = -1;
        let most = -1;
        for (const index of left) {
          const tokens = estimateMessageTokens(messages[index]!);
          if (tokens > room) {
            left.delete(index);
            continue;
          }
          let told = 0;
          for (const word of words[index]!) {
            if (!covered.has(word)) told += Math.log(messages.length / frequencies.get(word)!);
          }
          if (told / tokens > most) [best, most] = [index, told / tokens];
        }
        if (best < 0) break;
        left.delete(best);
        kept.add(best);
        room -= estimateMessageTokens(messages[best]!);
        for (const word of words[best]!) covered.add(word);
      }
      return { messages: messages.filter((_, index) => kept.has(index)), metadata };
    },
  };
}
