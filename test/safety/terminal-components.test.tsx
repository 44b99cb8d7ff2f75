import { readdirSync } from 'node:fs';
import { Box, renderToString, Text } from 'ink';
import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import { adversarialTexts, controlsIn, isHostile } from './adversarial-text.js';
import { componentFrames } from './component-frames.js';

const components = readdirSync(new URL('../../src/ui/components/', import.meta.url)).sort();
const long = process.env.VICTOR_TEST_LONG === '1';
const texts = adversarialTexts(long ? 5_000 : 500, 4);
/** Ink prints one transcript a frame. */
const oneAFrame = new Set(['app.tsx', 'transcript.tsx', 'trust-dialog.tsx']);

/** Every text drawn by the same component. */
function framesOf(draw: (text: string) => ReactElement, name = ''): string[] {
  // Below each other in one frame they are many times cheaper than in a frame each.
  const together = oneAFrame.has(name) ? 1 : 50;
  return Array.from({ length: Math.ceil(texts.length / together) }, (_, frame) => {
    const some = texts.slice(frame * together, (frame + 1) * together);
    return renderToString(<Box flexDirection="column">{...some.map(draw)}</Box>, { columns: 140 });
  });
}

function count(text: string, word: string): number {
  return text.split(word).length - 1;
}

describe('adversarial texts through every component of ui/components', () => {
  it('each text is hostile, and one that nobody sanitises gets through Ink', () => {
    expect(texts.filter(isHostile)).toHaveLength(texts.length);
    const raw = framesOf((text) => <Text>{text}</Text>).join('');
    expect(controlsIn(raw)).toBeGreaterThan(100);
  });

  it('every component is in the list, also one that comes later', () => {
    expect(Object.keys(componentFrames).sort()).toEqual(components);
  });

  it.each(Object.entries(componentFrames))(
    'E01 E02 E03 E04 E07 E08 E09 no control character of any text gets through %s',
    (name, draw) => {
      const frames = framesOf(draw, name).join('\n');
      expect(count(frames, 'kept')).toBeGreaterThanOrEqual(texts.length);
      const found = controlsIn(frames);
      console.log(`${name}: ${texts.length} texts, ${found} control characters`);
      expect(found).toBe(0);
    },
    120_000,
  );
});
