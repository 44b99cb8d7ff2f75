import type { HttpHeaders } from '../../http/headers.js';
import { modelText } from '../model-text.js';
import { sampleEncoding } from '../text-file.js';
import { htmlToMarkdown } from './html-to-markdown.js';

/** Of HTML; making Markdown of it takes a while. */
const MAX_HTML_CHARACTERS = 1_000_000;
const textual =
  /^(?:text\/|application\/(?:json|xml|javascript|ecmascript|yaml|x-yaml|toml|sql|x-sh|graphql|ld\+json|x-ndjson|rtf)|[\w.+/-]+\+(?:json|xml|yaml))/i;
const html = /^(?:text\/html|application\/xhtml\+xml)/i;

/** Whether an answer says that it is text, or does not say, in a form that can be read. */
export function readable(headers: HttpHeaders): boolean {
  const type = headers.get('content-type')?.trim() ?? '';
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  return (type === '' || textual.test(type)) && /^(?:|identity|(?:x-)?gzip)$/.test(encoding);
}

/** An answer as a model reads it; `undefined` where it is no text. */
export function pageText(
  { headers, body }: { readonly headers: HttpHeaders; readonly body: Buffer },
  url: URL,
): string | undefined {
  if (!readable(headers) || sampleEncoding(body) === 'binary') return undefined;
  const type = headers.get('content-type') ?? '';
  const start = body.subarray(0, 1_024).toString('latin1');
  const isHtml = html.test(type) || (type === '' && /^\s*<(?:!doctype html|html)/i.test(start));
  const charset = /charset\s*=\s*["']?([\w:.-]+)/i;
  const said = charset.exec(type)?.[1] ?? (isHtml ? charset.exec(start)?.[1] : undefined);
  const text = decode(body, said);
  return modelText(isHtml ? htmlToMarkdown(text.slice(0, MAX_HTML_CHARACTERS), url) : text).trim();
}

function decode(body: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
