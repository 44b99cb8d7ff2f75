import { expect, it } from 'vitest';
import { extensionName, messageOf } from '../../src/core/describe-failure.js';

it('whatever was thrown has words', () => {
  const silent = Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('never');
    },
  });
  expect(messageOf(new Error('plain'))).toBe('plain');
  expect(messageOf('text')).toBe('text');
  expect(messageOf(undefined)).toBe('undefined');
  for (const odd of [Object.create(null), silent, { toString: () => ({}) }]) {
    expect(messageOf(odd)).toBe('it threw something that cannot be put into words');
  }
});

it('whatever serves as an extension has a name', () => {
  class Mine {}
  expect(extensionName({ name: 'own' })).toBe('own');
  expect(extensionName(new Mine())).toBe('Mine');
  expect(extensionName(Object.create(null))).toBe('unnamed');
  expect(
    extensionName({
      get name(): string {
        throw new Error('never');
      },
    }),
  ).toBe('unnamed');
});
