import { describe, expect, it } from 'vitest';
import type { ContextReport } from '../../src/context-report.js';
import { cells } from '../../src/ui/break-rows.js';
import { contextLines, contextTitle } from '../../src/ui/context-lines.js';

const report: ContextReport = {
  contextWindow: 200_000,
  countedTokens: 60_000,
  answerTokens: 8_000,
  prompt: [
    { name: 'base', tokens: 1_000 },
    { name: 'mode', tokens: 100 },
    { name: 'project-files', tokens: 3_000 },
  ],
  volatile: [{ name: 'each turn', tokens: 50 }],
  tools: Array.from({ length: 9 }, (_, index) => ({ name: `Tool${index}`, tokens: 100 * (index + 1) })),
  messages: [
    { name: 'your messages', tokens: 2_000, count: 12 },
    { name: 'tool results', tokens: 40_000, count: 30 },
  ],
  messageCount: 60,
  outlook: {
    strategy: 'recent',
    automatic: true,
    tokens: 44_000,
    compactsAtTokens: 140_000,
    now: { messages: 10, tokens: 3_000 },
  },
};

describe('/context', () => {
  it('tells each part with its tokens, its share and a bar, and what is free', () => {
    expect(contextTitle(report)).toBe(
      'Context: 60k of 200k tokens (30 %), as the provider counted the last request',
    );
    expect(contextLines(report, 78)).toEqual([
      'system prompt          ~1.1k  0.6 %  ▎',
      '  base                   ~1k  0.5 %  ▎',
      '  mode                  ~100  0.1 %  ▏',
      '  each turn              ~50 <0.1 %  ▏',
      'instruction files        ~3k  1.5 %  ▋',
      'tools (9)              ~4.5k  2.3 %  ▉',
      '  Tool8                 ~900  0.4 %  ▏',
      '  Tool7                 ~800  0.4 %  ▏',
      '  Tool6                 ~700  0.4 %  ▏',
      '  Tool5                 ~600  0.3 %  ▏',
      '  Tool4                 ~500  0.3 %  ▏',
      '  4 more                 ~1k  0.5 %  ▎',
      'messages (60)           ~42k   21 %  ████████▍',
      '  your messages (12)     ~2k  1.0 %  ▍',
      '  tool results (30)     ~40k   20 %  ████████',
      'beyond the estimate     9.3k  4.7 %  █▉',
      'kept for the answer       8k  4.0 %  █▋',
      'free                    132k   66 %  ██████████████████████████▍',
      '',
      'Next: recent compacts when the messages pass ~140k tokens, ~96k from now.',
      '/compact would keep 10 of 60 messages now, ~3k tokens.',
      'What has a ~ is estimated: four characters a token.',
    ]);
  });

  it('marks everything as estimated before the first request', () => {
    const { countedTokens: _, ...fresh } = { ...report, messages: [], messageCount: 0 };
    expect(contextTitle(fresh)).toBe('Context: ~8.7k of 200k tokens (4.3 %), estimated');
    expect(contextLines(fresh, 78).join('\n')).toMatch(/^free +~183.3k/m);
  });

  it('says when the estimate is above what was counted, instead of a part below zero', () => {
    const lines = contextLines({ ...report, countedTokens: 40_000 }, 78).join('\n');
    expect(lines).not.toContain('beyond');
    expect(lines).toContain('10.7k more than the provider counted');
  });

  it('says what compaction does by itself, and that a model would be asked', () => {
    const { now: _, ...outlook } = report.outlook!;
    const said = (change: object) =>
      contextLines({ ...report, outlook: { ...outlook, ...change } }, 78).join('\n');
    expect(said({ strategy: 'summarize' })).toContain('/compact would ask the model for a summary now.');
    expect(said({ strategy: 'none', automatic: false })).toContain('nothing is compacted by itself (none)');
    expect(said({ tokens: 150_000 })).toContain('recent compacts with the next request.');
    const { outlook: __, ...own } = report;
    expect(contextLines(own, 78).join('\n')).toContain('your own coordinator decides');
  });

  it.each([20, 38, 60, 200])('keeps its table within %i cells, or as narrow as its numbers', (columns) => {
    const table = contextLines(report, columns).slice(0, 18);
    expect(Math.max(...table.map(cells))).toBeLessThanOrEqual(Math.max(35, columns));
  });
});
