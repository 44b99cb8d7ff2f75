import { describe, expect, it } from 'vitest';
import { VictorError } from '../../src/core/errors.js';
import { errnoOf, FileError, failedResult, fileError } from '../../src/tools/file-error.js';

describe('a file error', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'ENOSPC', errno: -28 }), 'ENOSPC'],
    [Object.assign(new Error('x'), { code: 'Unknown system error -122', errno: -122 }), 'EDQUOT'],
    [Object.assign(new Error('x'), { code: 'Unknown system error -9999', errno: -9999 }), 'errno 9999'],
    [new FileError('system', 'x', { errno: 'EIO' }), 'EIO'],
    [new TypeError('a bug'), undefined],
    [undefined, undefined],
  ])('T07: %s has the code %s', (error, code) => {
    expect(errnoOf(error)).toBe(code);
  });

  it('T07: says what a code means and what to do, and names every other code', () => {
    const quota = Object.assign(new Error('x'), { code: 'Unknown system error -122', errno: -122 });
    expect(failedResult(fileError(quota, 'write', 'a.txt'))).toEqual({
      content:
        'Cannot write a.txt: disk quota exceeded (EDQUOT).\nFree some space, then try again; the old content is intact.',
      isError: true,
      summary: 'Cannot write a.txt: disk quota exceeded (EDQUOT).',
    });
    const other = Object.assign(new Error('x'), { code: 'EXDEV' });
    expect(failedResult(fileError(other, 'write', 'a.txt')).content).toBe('Cannot write a.txt: EXDEV.');
  });

  it('leaves typed errors as they are and lets bugs through', () => {
    const typed = new VictorError('x', 'typed');
    expect(fileError(typed, 'read', 'a')).toBe(typed);
    expect(() => fileError(new TypeError('a bug'), 'read', 'a')).toThrow('a bug');
    expect(() => failedResult(new TypeError('a bug'))).toThrow('a bug');
  });
});
