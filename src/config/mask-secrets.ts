const secretName = /key$|token|secret|password|authorization|credential$/i;
/** Keys whose name sounds secret but that hold none. */
const harmless = new Set(['maxTokens', 'apiKeyFile']);
/** Who logs in, and with what, in an address. */
const login = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi;

/** A copy for people to read: of what may be a secret only the last four characters are left. */
export function maskSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string')
    return secretName.test(name) && !harmless.has(name) ? mask(value) : value.replace(login, '$1…@');
  if (Array.isArray(value)) return value.map((one) => maskSecrets(one, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskSecrets(one, key)]));
}

/** Too short a secret would be given away by its end. */
function mask(secret: string): string {
  return `…${secret.length >= 12 ? secret.slice(-4) : ''}`;
}
