import type { ContentBlock, EmbeddedResource } from '@modelcontextprotocol/sdk/types.js';
import type { Image } from '../core/message.js';
import type { ToolResult } from '../core/tool.js';
import { cutLine, formatBytes, plural } from '../tools/model-text.js';
import { OutputCapture, outputText } from '../tools/output-capture.js';

/** Of one result: what the model reads at once, what is kept on disk of the rest, and pictures. */
const MOST_BYTES = 30_000;
const MOST_FILE_BYTES = 64_000_000;
const MOST_IMAGES = 8;
const LARGEST_IMAGE = 5_000_000;
const LONGEST_SUMMARY = 60;

const imageTypes = /^image\/(?:png|jpeg|gif|webp)$/;

export interface ServerContent {
  readonly content: readonly ContentBlock[];
  /** Sent beside the content, and in place of it where there is none. */
  readonly structured?: unknown;
  readonly isError?: boolean | undefined;
}

/** What a server answered, as a bounded result; the whole of a long one is kept in the folder. */
export async function toolResult(
  { content, structured, isError }: ServerContent,
  outputDirectory: string,
): Promise<ToolResult> {
  const images = imagesOf(content);
  const texts = content.map((block) => textOf(block, images)).filter((text) => text !== '');
  if (content.length === 0 && structured !== undefined) texts.push(JSON.stringify(structured));
  const text = await bounded(texts.join('\n'), outputDirectory);
  return {
    content: text || '(no output)',
    summary: summaryOf(text, images.length, isError === true),
    ...(images.length > 0 ? { images } : {}),
    ...(isError ? { isError: true } : {}),
  };
}

/** A text without what a terminal or a model obeys, cut in its middle; the whole goes into the folder, if there is one. */
export async function bounded(text: string, directory?: string): Promise<string> {
  const capture = new OutputCapture({ maxBytes: MOST_BYTES, maxFileBytes: MOST_FILE_BYTES, directory });
  capture.write(Buffer.from(text));
  return outputText(await capture.end());
}

/** The pictures that a model could see. */
export function imagesOf(content: readonly ContentBlock[]): readonly Image[] {
  return content.flatMap((block) => imageOf(block) ?? []).slice(0, MOST_IMAGES);
}

/** One block as text; of what is no text, what it is. */
export function textOf(block: ContentBlock, images: readonly Image[] = []): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
      return images.some(({ data }) => data === block.data)
        ? ''
        : notShown(`a picture, ${block.mimeType}`, block.data);
    case 'audio':
      return notShown(`a sound, ${block.mimeType}`, block.data);
    case 'resource_link':
      return `[resource ${block.uri}: ${[block.name, block.description].filter(Boolean).join(', ')}]`;
    case 'resource':
      return resourceText(block.resource);
    default:
      return '[something that Victor does not know]';
  }
}

/** What is in a resource, as text; of bytes only how many they are. */
export function resourceText(resource: EmbeddedResource['resource']): string {
  if ('text' in resource) return resource.text;
  return notShown(`${resource.uri}, ${resource.mimeType ?? 'unknown bytes'}`, resource.blob);
}

function imageOf(block: ContentBlock): Image | undefined {
  const found =
    block.type === 'resource' ? blobImage(block.resource) : block.type === 'image' ? block : undefined;
  if (!found || !imageTypes.test(found.mimeType) || bytesOf(found.data) > LARGEST_IMAGE) return undefined;
  return { mediaType: found.mimeType, data: found.data };
}

function blobImage(resource: EmbeddedResource['resource']) {
  return 'blob' in resource ? { mimeType: resource.mimeType ?? '', data: resource.blob } : undefined;
}

function notShown(what: string, base64: string): string {
  return `[${what}, ${formatBytes(bytesOf(base64))}: not shown]`;
}

function bytesOf(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}

function summaryOf(text: string, images: number, isError: boolean): string {
  if (isError) return cutLine(text.split('\n', 1)[0] ?? 'failed', LONGEST_SUMMARY);
  const lines = text === '' ? 0 : text.split('\n').length;
  const parts = [
    ...(lines > 0 ? [plural(lines, 'line')] : []),
    ...(images > 0 ? [plural(images, 'picture')] : []),
  ];
  return parts.join(', ') || 'no output';
}
