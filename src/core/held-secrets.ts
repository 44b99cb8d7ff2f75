import { replaceWrapped, unwrapped } from './line-wrapped.js';
import { formsOf, redactedMark } from './redact.js';

/** Names of environment variables whose values are secrets. */
const secretName = /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|APIKEY|(?:^|_)KEYS?(?:_|$)/i;
/** Shorter values, numbers, switches and paths stand behind such names too, and in every other text. */
const SHORTEST = 12;
const noSecret = /^(?:[\d.,]+|[/.~].*)$/;

/**
 * Every form of every key that this process was given, without line ends. One list for all of it, because a key may
 * come out of an error anywhere, and no host may see the key of another either.
 */
const held = new Set<string>();
let heldAsBytes: readonly string[] = [];

/** From now on these stand in no tool result, error, event or log. */
export function holdSecrets(secrets: Iterable<string | undefined>): void {
  for (const secret of secrets) {
    if (secret === undefined || secret.length < SHORTEST || noSecret.test(secret)) continue;
    for (const form of formsOf(secret).map(unwrapped)) if (form.length >= SHORTEST) held.add(form);
  }
}

/** The same as bytes, one a character, for outputs that are not text yet. */
export function heldForms(): readonly string[] {
  if (heldAsBytes.length !== held.size)
    heldAsBytes = [...held].map((form) => Buffer.from(form).toString('latin1'));
  return heldAsBytes;
}

/** What an environment holds: the values of variables that are called so, and the passwords in addresses. */
export function* secretsIn(environment: NodeJS.ProcessEnv): Iterable<string> {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (secretName.test(name)) yield value;
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s@]+)@/i.exec(value)?.[1];
    if (password !== undefined) yield password;
  }
}

/** A text without the keys that are held, also where they are wrapped over lines; the same text when it has none. */
export function withoutHeldSecrets(text: string): string {
  const flat = unwrapped(text);
  let clean = text;
  for (const form of held) if (flat.includes(form)) clean = replaceWrapped(clean, form, redactedMark);
  return clean;
}

/** A value made of plain data, every text in it without the keys that are held; the same value when it has none. */
export function valueWithoutHeldSecrets<Value>(value: Value): Value {
  if (held.size === 0) return value;
  if (typeof value === 'string') return withoutHeldSecrets(value) as Value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const items = value.map(valueWithoutHeldSecrets);
    return items.every((item, index) => item === value[index]) ? value : (items as Value);
  }
  const entries = Object.entries(value);
  const clean = entries.map(([name, one]) => [name, valueWithoutHeldSecrets(one)] as const);
  return clean.every(([, one], index) => one === entries[index]?.[1])
    ? value
    : (Object.fromEntries(clean) as Value);
}
