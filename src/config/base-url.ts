import { ConfigError } from '../core/errors.js';
import { isLoopback } from '../http/loopback.js';
import { presets } from '../providers/presets.js';

export interface BaseURLCheck {
  readonly baseURL: string;
  /** Name of the provider that would send its key there. */
  readonly provider: string | undefined;
  /** From the user's own settings. */
  readonly credentialHosts: readonly string[];
  /** Where the address stands, for the message. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/**
 * An address that did not come from the user may receive a key only if it is this machine, the provider's own host
 * (over https), or a host the user listed. Throws `ConfigError` otherwise.
 */
export function checkBaseURL(check: BaseURLCheck): void {
  const url = new URL(check.baseURL);
  if (isLoopback(url.hostname)) return;
  const known = url.host === ownHost(check.provider) || check.credentialHosts.includes(url.host);
  if (known && url.protocol === 'https:') return;
  const place =
    check.file === undefined ? 'baseURL' : `${check.file}${check.line ? `:${check.line}` : ''}: baseURL`;
  throw new ConfigError(
    known
      ? `${place} would send your key to ${url.host} unencrypted`
      : `${place} would send your key to ${url.host}`,
    {
      advice: known
        ? 'Use https.'
        : `If you trust that host, run: victor config set credentialHosts '[${[...check.credentialHosts, url.host].join(', ')}]'`,
      file: check.file,
      key: 'baseURL',
      line: check.line,
    },
  );
}

/** The host that the makers of a built-in provider serve it from. */
function ownHost(provider: string | undefined): string | undefined {
  const preset = provider !== undefined && Object.hasOwn(presets, provider) ? presets[provider] : undefined;
  return preset && new URL(preset.baseURL).host;
}
