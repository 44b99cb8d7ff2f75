import type { AcpHost } from './host.js';

const codes = { params: -32602, request: -32600, 'not-found': -32002 } as const;
/** The codes of the protocol for what goes wrong behind it. */
const codesOfErrors = { key: -32000, held: codes.request, aborted: -32800, other: -32603 } as const;

/** What the editor asks for is wrong, or cannot be done now. */
export class Refusal extends Error {
  readonly kind: keyof typeof codes;

  constructor(kind: keyof typeof codes, message: string, advice = '') {
    super(`${message} ${advice}`.trim());
    this.kind = kind;
  }
}

/** What the editor shows of something that went wrong: a code of the protocol, and what to do next. */
export function refusalOf(error: unknown, host: Pick<AcpHost, 'tell' | 'cleaner'>) {
  if (error instanceof Refusal)
    return { code: codes[error.kind], message: host.cleaner().push(error.message) };
  const { text, kind } = host.tell(error);
  return { code: codesOfErrors[kind], message: host.cleaner().push(text) };
}
