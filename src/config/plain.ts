import { ConfigError } from '../core/errors.js';
import { formatKey, type KeySegment } from './key-path.js';

/** Deeper than any setting; a tree that goes on is refused rather than walked. */
const MAX_DEPTH = 32;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

export interface CopyOptions {
  /** Names the whole in messages, for example the path of the file. */
  readonly describe: string;
  readonly file?: string | undefined;
  /** Refuse everything but plain data: functions, class instances, dates. Settings given by a program may hold such. */
  readonly dataOnly?: boolean;
}

/**
 * A copy of a tree of plain objects and arrays. Keys that could reach a prototype are refused, getters are read once.
 * Throws `ConfigError`.
 */
export function copyPlain(value: unknown, options: CopyOptions, path: readonly KeySegment[] = []): unknown {
  const refuse = (what: string, advice: string): never => {
    const key = path.length === 0 ? undefined : formatKey(path);
    throw new ConfigError(`${options.describe}: ${what}`, { advice, file: options.file, key });
  };
  if (path.length > MAX_DEPTH) refuse('nested too deeply to be settings', 'Flatten it.');
  if (Array.isArray(value)) return value.map((item, index) => copyPlain(item, options, [...path, index]));
  if (isPlainObject(value)) {
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      if (forbiddenKeys.has(key)) refuse(`the key ${formatKey([...path, key])} is not allowed`, 'Remove it.');
      copy[key] = copyPlain(value[key], options, [...path, key]);
    }
    return copy;
  }
  const data = value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
  if (!data && options.dataOnly) {
    refuse(
      `${formatKey(path) || 'the whole'} is not plain data`,
      'Use text, numbers, true, false, lists and maps.',
    );
  }
  return value;
}

/** Freezes plain objects and arrays all the way down; what a program put in by reference stays as it is. */
export function freezePlain<T>(value: T): T {
  if (Array.isArray(value)) {
    for (const item of value) freezePlain(item);
    return Object.freeze(value);
  }
  if (isPlainObject(value)) {
    for (const key of Object.keys(value)) freezePlain(value[key]);
    return Object.freeze(value);
  }
  return value;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A module namespace or an object of another realm counts as plain: what matters is that it has no class.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
