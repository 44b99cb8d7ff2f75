import { expect, it } from 'vitest';
import { findMentions } from '../../src/mentions/find-mentions.js';

it.each<readonly [text: string, mentions: readonly (readonly string[])[]]>([
  ['see @src/a.ts', [['src/a.ts']]],
  ['@"a name.ts" and @b', [['a name.ts'], ['b']]],
  ['look at @a.ts, please', [['a.ts,', 'a.ts']]],
  ['(see @a.ts).', [['a.ts).', 'a.ts)', 'a.ts']]],
  ['@a @a\n@b', [['a'], ['b']]],
  ['me@example.org @ x', []],
  ['@"not closed', []],
])('the mentions in %j', (text, mentions) => {
  expect(findMentions(text)).toEqual(mentions);
});

it('are found quickly in a huge paste, and not without end', () => {
  const pastes = [
    '@!'.repeat(500_000),
    `@${'!'.repeat(1_000_000)}`,
    '@"'.repeat(500_000),
    '@a '.repeat(300_000),
  ];
  const before = process.cpuUsage();
  for (const paste of [...pastes, Array.from({ length: 100_000 }, (_, index) => `@${index}`).join(' ')]) {
    expect(findMentions(paste).length).toBeLessThanOrEqual(200);
  }
  // What is computed, not the time that passes while others compute.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(3_000);
});
