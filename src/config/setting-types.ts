import * as z from 'zod';
import { isHijackingVariable } from '../core/command-variable.js';
import { isLoopback } from '../http/loopback.js';
import { ruleProblem } from '../permissions/rule.js';

/** `name`, `./path.js`, or `[name-or-path, { options }]`. */
export type Entry = string | readonly [string, Readonly<Record<string, unknown>>];

export const text = z.string().min(1);
export const count = z.int().min(1);
export const dollars = z.number().min(0);
const rule = text.superRefine((written, context) => {
  const message = ruleProblem(written);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});
export const variable = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*\*?$/,
    'expected a name such as DATABASE_URL, or a beginning such as MYAPP_*',
  )
  .refine((name) => !isHijackingVariable(name), {
    error: ({ input }) => `${input} is never given to a command, because of what it makes programs run`,
  });
export const ruleList = z.array(rule);
const optionsOfEntry = z.record(z.string(), z.unknown());
export const entry = z.union([text, z.tuple([text, optionsOfEntry])], {
  error: 'expected a name, a path such as ./file.js, or [name-or-path, { options }]',
});
export const httpAddress = z
  .url({ protocol: /^https?$/, error: 'expected an address that starts with http:// or https://' })
  .refine((address) => !hasCredentials(address), 'a user name or password does not belong in an address');

/** Whether what is sent there is encrypted, or stays on this machine. */
export function keepsSecrets(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isLoopback(hostname);
}

function hasCredentials(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username !== '' || password !== '';
}
