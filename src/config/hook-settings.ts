import * as z from 'zod';
import { hookNames } from '../core/hook.js';
import { PATCH_TOOL } from '../core/patch-tool.js';
import { text } from './setting-types.js';

/** Seconds that a hook may take unless it says otherwise. */
export const hookTimeoutSeconds = 60;

const command = z.strictObject({
  type: z.literal('command').describe('What kind of hook it is'),
  command: text.describe('A command line; it gets JSON on standard input, and its exit code counts'),
  timeout: z
    .number()
    .gt(0)
    .max(3_600)
    .optional()
    .describe(`Seconds that it may take; ${hookTimeoutSeconds} when absent`),
});

const group = z.strictObject({
  matcher: z
    .string()
    .refine(isMatcher, { error: 'expected a regular expression for names of tools, such as Edit|Write' })
    .optional()
    .describe('Which tools it is for: a regular expression for the whole name. All when absent, empty or *'),
  hooks: z.array(command).describe('What runs, all at once'),
});

/** By event: which programs are told of it. */
export const hooks = z.partialRecord(z.enum(hookNames), z.array(group));

export type HookGroup = z.output<typeof group>;

/** Whether a name is one that a matcher means: one for Edit or Write means a patch, too, which does both. */
export function matches(matcher: string | undefined, name: string): boolean {
  if (matcher === undefined || matcher === '' || matcher === '*') return true;
  const names = name === PATCH_TOOL ? [name, 'Edit', 'Write'] : [name];
  return names.some((one) => pattern(matcher).test(one));
}

function pattern(matcher: string): RegExp {
  return new RegExp(`^(?:${matcher})$`);
}

function isMatcher(matcher: string): boolean {
  try {
    return matcher === '*' || Boolean(pattern(matcher));
  } catch {
    return false;
  }
}
