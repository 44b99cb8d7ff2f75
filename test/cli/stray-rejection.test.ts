import { dirname } from 'node:path';
import { describe, expect } from 'vitest';
import { launcher, runVictor } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { makeWorkspace } from '../helpers/workspace.js';

const root = dirname(dirname(launcher));

/** Runs `victor ask` with a contributor that does this, beside its work. */
async function ask(beside: string, file = 'stray.mjs') {
  const home = await makeWorkspace({
    [file]: `export const create = () => ({ getContribution() {\n${beside}\nreturn 'Be brief.'; } });`,
    'config.yaml': `contributors: [base, ./${file}]`,
  });
  return runVictor(['ask', 'hello'], { env: { VICTOR_HOME: home } });
}

describe('a promise that an extension does not wait for', () => {
  it.each([
    ['an error', `Promise.reject(new Error('beacon down'));`, /\(.*stray\.mjs:2\): beacon down\./],
    ['a request of its own', `fetch('http://127.0.0.1:9/');`, /failed.*: fetch failed\./],
    ['no error at all', 'Promise.reject(undefined);', /failed: undefined\./],
    [
      'what cannot become text',
      'Promise.reject(Object.create(null));',
      /failed: it cannot be put into words\./,
    ],
    [
      'something over several lines with control characters',
      `Promise.reject(new Error('one\\n\\u001b[31mtwo'));`,
      /: one .*two/,
    ],
  ])('and that fails with %s is one line, and the answer and its exit code stay', async (_, beside, said) => {
    const { code, stdout, stderr } = await ask(beside);
    expect(stderr.match(/did not wait for/g)).toHaveLength(1);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain('catch what it throws');
    expect(stdout).not.toBe('');
    expect(code).toBe(0);
  });

  it('names the line of the source when the extension is TypeScript', async () => {
    const { code, stderr } = await ask(
      `void Promise.reject(new Error('typed beacon') as Error);`,
      'stray.ts',
    );
    expect(stderr).toMatch(/stray\.ts:2\): typed beacon\./);
    expect(code).toBe(0);
  });

  it('is said once, however often it happens', async () => {
    const { code, stderr } = await ask(
      `for (let n = 0; n < 50; n++) Promise.reject(new Error('again and again'));`,
    );
    expect(stderr.match(/again and again/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('ends the process as before when all of it is a fault of Victor itself', async () => {
    const own = `at main (file://${root}/dist/cli.js:1:2)\\n    at async file://${root}/bin/victor.js:9:1`;
    const { code, stderr } = await ask(
      `Promise.reject(Object.assign(new Error('lost'), { stack: 'Error: lost\\n    ${own}' }));`,
    );
    expect(stderr).toMatch(/unexpected error: lost\./);
    expect(code).toBe(1);
  });
});
