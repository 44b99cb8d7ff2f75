import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));
const texts = readdirSync(root, { recursive: true })
  .map(String)
  .filter((file) => /\.tsx?$/.test(file) && file !== 'concurrent-tests.test.ts')
  .map((file) => ({ file, text: readFileSync(`${root}/${file}`, 'utf8') }));

/** What asks Vitest for the test that runs now, and whatever of the helpers calls it. */
function whatAsks(): RegExp {
  const names = new Set(['onTestFinished', 'onTestFailed']);
  const pattern = () => new RegExp(`(?<![.\\w])(?:${[...names].join('|')})\\(|\\bexpect\\s*\\.poll\\(`);
  const exported = texts
    .filter(({ file }) => !file.includes('.test.'))
    .flatMap(({ text }) => text.split(/^export /m).slice(1));
  for (let before = 0; before !== names.size; ) {
    before = names.size;
    for (const text of exported) {
      const [, name] = /^(?:async )?function (\w+)/.exec(text) ?? [];
      if (name && pattern().test(text)) names.add(name);
    }
  }
  return pattern();
}

it('no test that runs beside others asks which one runs: it would be told of another one, or of none', () => {
  const asks = whatAsks();
  expect(asks.source).toContain('|chat|');
  const wrong = texts
    .filter(({ file, text }) => file.includes('.test.') && /\b(?:describe|it|test)\.concurrent\b/.test(text))
    .flatMap(({ file, text }) =>
      text
        .split('\n')
        .filter((line) => asks.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  // `afterFile` and `until` of the helpers, or a `describe` whose tests run one after the other.
  expect(wrong).toEqual([]);
});
