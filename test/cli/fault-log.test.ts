import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepFault } from '../../src/cli/fault-log.js';
import { holdSecrets } from '../../src/core/held-secrets.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

it('U10: the trace of a fault is kept for its user alone, without keys and without what a terminal obeys', () => {
  const dataDirectory = temporaryDirectory();
  holdSecrets(['a-very-secret-key-1234']);
  const error = new Error('broken \u001b[2J with a-very-secret-key-1234', { cause: new Error('deeper') });
  const file = keepFault(error, { dataDirectory });
  expect(file).toBe(join(dataDirectory, 'last-fault.txt'));
  const text = readFileSync(file!, 'utf8');
  expect(text).toMatch(/^victor .*Node \d/);
  expect(text).toContain('caused by Error: deeper');
  expect(text).not.toContain('secret-key-1234');
  expect(text).not.toContain('\u001b');
  expect(statSync(file!).mode & 0o777).toBe(0o600);
});

it('U10: a trace that cannot be kept hides no fault', () => {
  const dataDirectory = temporaryDirectory();
  chmodSync(dataDirectory, 0o500);
  const nowhere = join(dataDirectory, 'file-instead');
  expect(() => keepFault(new Error('x'), { dataDirectory: `${nowhere}\0` })).not.toThrow();
});
