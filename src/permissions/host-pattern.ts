import { hostOf } from '../core/host-of.js';

/** Whether a host, as `hostOf` names it, is one that a rule is about. */
export type HostMatcher = (host: string) => boolean;

const shape = /^(\*\.)?(\[[\da-f:.]+\]|[^\s/\\?#@:*]+)(?::(\d{1,5}))?$/i;

/** `example.com`, `*.example.com` for every name below it, `localhost:8080`; without a port every one. */
export function compileHost(pattern: string): HostMatcher {
  const [, below, written = '', port] = shape.exec(pattern) ?? [];
  const name = nameIn(written);
  if (name === undefined) return () => false;
  return (host) => {
    const [, asked = '', askedPort] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
    const named = below ? asked.endsWith(`.${name}`) : asked === name;
    return (
      named && (port === undefined || port === askedPort || (askedPort === undefined && usual.has(port)))
    );
  };
}

const usual = new Set(['80', '443']);

/** Why a pattern names no host, in words. */
export function hostPatternProblem(pattern: string): string | undefined {
  const written = shape.exec(pattern)?.[2];
  return written !== undefined && nameIn(written) !== undefined
    ? undefined
    : 'expected a host, such as example.com, *.example.com or localhost:8080';
}

/** As `URL` writes a name: in lower case, letters of other scripts in ASCII. */
function nameIn(written: string): string | undefined {
  return hostOf(`http://${written}`);
}
