import type { RecordedRequest } from './model-server.js';

const mark = ',"cache_control":{"type":"ephemeral"}';

/**
 * What of a request a provider caches, byte by byte as it was sent, in the order in which providers read it: model,
 * tools, system and messages, without the marks that only say where to cache. The list of messages is left open, so
 * that a request that only adds to another one begins with it.
 */
export function wirePrefix({ rawBody, body }: RecordedRequest): string {
  const raw = rawBody.replaceAll(mark, '');
  const parts = ['model', 'tools', 'system', 'messages'].filter((key) => key in body);
  const sent = parts.map((key) => {
    const text = `"${key}":${JSON.stringify(body[key]).replaceAll(mark, '')}`;
    if (!raw.includes(text)) throw new Error(`The body does not hold its ${key} as they were parsed.`);
    return text;
  });
  return sent.join('\n').slice(0, -1);
}
