import * as z from 'zod';
import { variableReference } from '../core/variable-reference.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The name of an environment variable: settings name secrets, and never hold them. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable');

/** Its value now. Throws when it is not set, so that an export fails and the work goes on. */
export function variable(environment: Environment, name: string): string {
  const value = environment[name]?.trim() ?? '';
  if (value === '') throw new Error(`the environment variable ${name} is not set`);
  return value;
}

export function hasVariables(text: string): boolean {
  return text.search(variableReference) >= 0;
}

/** The text with each `${NAME}` replaced by that environment variable. */
export function withVariables(environment: Environment, text: string): string {
  return text.replace(variableReference, (_, name: string) => variable(environment, name));
}
