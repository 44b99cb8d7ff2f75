import { ConfigError, ExtensionError, VictorError } from '../core/errors.js';
import { holdSecrets, secretsIn, withoutHeldSecrets } from '../core/held-secrets.js';
import { redact } from '../core/redact.js';
import { StorageFailure } from '../storage/storage-failure.js';
import { sanitize } from '../ui/sanitize.js';
import { exitCodes } from './exit-code.js';

/** One line for stderr: what went wrong, where, and what to do next. */
export function errorLine(error: unknown): string {
  return sanitize(withoutKeys(`victor: ${describe(error)}`).replace(/\s*\n\s*/g, ' '));
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof ExtensionError) return exitCodes.usage;
  // Nothing was started, and will not be before somebody updates.
  if (error instanceof StorageFailure && error.reason === 'newer-schema') return exitCodes.usage;
  return exitCodes.failure;
}

/** The stack with its causes; only for people who asked with --debug. */
export function errorTrace(error: unknown): string {
  return sanitize(withoutKeys(stackOf(error)));
}

/** A mistake may be told before anything else has looked at the environment. */
function withoutKeys(text: string): string {
  holdSecrets(secretsIn(process.env));
  return redact(withoutHeldSecrets(text));
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function describe(error: unknown): string {
  if (!(error instanceof VictorError)) return describeUnexpected(error);
  const advice = error.advice === undefined ? '' : ` ${error.advice}`;
  return `${place(error)}${asSentence(error.message)}${advice}`;
}

/** `file:line:key: `, as far as it is known and the message does not name it itself. */
function place(error: VictorError): string {
  if (!(error instanceof ConfigError) || error.file === undefined) return '';
  if (error.message.includes(error.file)) return '';
  const parts = [error.file, error.line, error.key].filter((part) => part !== undefined);
  return `${parts.join(':')}: `;
}

function describeUnexpected(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `unexpected error: ${asSentence(message)} Run it again with --debug to see where it comes from.`;
}

export function asSentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?)]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
