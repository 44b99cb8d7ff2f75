import { compactionLines } from '../compaction-lines.js';
import { barCells, type Command, info, output } from './command.js';

const DRY_RUN = '--dry-run';

export const compact: Command = {
  name: 'compact',
  argument: '[focus]',
  describe: 'make the context smaller now, by what matters for the focus; --dry-run shows what would go',
  needsIdle: true,
  values: () => [{ value: DRY_RUN, describe: 'what would go, by each strategy; nothing is changed' }],
  async run({ port, sessionId, columns }, argument) {
    const [first = '', ...others] = argument.split(/\s+/);
    if (first === DRY_RUN) {
      const preview = await port.previewCompaction(sessionId, others.join(' '));
      return output(
        `What /compact would do (${preview.strategy})`,
        compactionLines(preview, columns - barCells),
      );
    }
    if (first.startsWith('--')) return info(`/compact has no option ${first}; it has ${DRY_RUN}.`);
    const { changed, before, strategy } = await port.compact(sessionId, argument);
    // A change tells of itself with an event.
    return changed
      ? []
      : info(
          `Nothing to compact (${strategy}): ${before.messages} messages, ~${before.tokens} tokens, stay as they are.`,
        );
  },
};
