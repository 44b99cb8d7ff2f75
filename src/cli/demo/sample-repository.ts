/** A small repository with one bug and the test that finds it: `node --test` fails in it, without installing anything. */
export const sampleRepository: Readonly<Record<string, string>> = {
  'README.md': `# Till

Adds up a shopping cart, in cents. Ten of a kind or more cost a tenth less. \`node --test\` runs the tests.
`,
  'package.json': `{
  "name": "till",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  'src/cart.js': `import { lineTotal } from './discount.js';

/** What everything in a cart costs, in cents. */
export function total(items) {
  return items.reduce((sum, { price, count }) => sum + lineTotal(price, count), 0);
}
`,
  'src/discount.js': `/** From so many of a kind on, each costs a tenth less. */
const BULK = 10;

/** What \`count\` things of one kind cost, in cents. */
export function lineTotal(price, count) {
  const full = price * count;
  return count > BULK ? Math.round(full * 0.9) : full;
}
`,
  'test/cart.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { total } from '../src/cart.js';

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0);
});

test('nine of a kind cost the full price', () => {
  assert.equal(total([{ price: 100, count: 9 }]), 900);
});

test('ten of a kind cost a tenth less', () => {
  assert.equal(total([{ price: 100, count: 10 }]), 900);
});
`,
};

/** What makes the test pass. */
export const repair = { path: 'src/discount.js', oldText: 'count > BULK', newText: 'count >= BULK' } as const;
