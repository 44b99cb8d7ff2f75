import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { keepPublicTypes } from '../../scripts/public-types.mjs';
import { temporaryDirectory } from '../helpers/run-victor.js';

it('of the declarations those stay that the entry leads to, over however many others, and no empty folder', async () => {
  const folder = temporaryDirectory();
  const files = {
    'index.d.ts': `export { type A } from './one/a.js';\nimport './effect.js';`,
    'effect.d.ts': 'export {};',
    'one/a.d.ts': `import type { Z } from 'zod';\nexport type A = Z & import('../two/b.js').B;`,
    'one/unused.d.ts': `import type { Client } from 'bundled-package';`,
    'two/b.d.ts': `export type * from './c.js';`,
    'two/c.d.ts': `export type * from './b.js';`,
    'three/deep/unused.d.ts': 'export {};',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  await keepPublicTypes(folder);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  expect(left).toEqual(['effect.d.ts', 'index.d.ts', 'one', 'one/a.d.ts', 'two', 'two/b.d.ts', 'two/c.d.ts']);
});
