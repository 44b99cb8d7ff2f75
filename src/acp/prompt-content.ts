import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContentBlock, EmbeddedResource, ImageContent, ResourceLink } from '@agentclientprotocol/sdk';
import type { Attachment } from '../core/attachment.js';
import { dataBlock } from '../core/data-block.js';
import type { Image } from '../core/message.js';
import { imageType } from '../tools/image-type.js';
import { formatBytes, modelText, plural } from '../tools/model-text.js';
import { Refusal } from './refusal.js';

/** UTF-16 units of everything that is embedded in one prompt. */
const MOST_EMBEDDED = 160_000;
const MOST_IMAGES = 20;
const MAX_IMAGE_BYTES = 5_000_000;

/** A prompt of the editor as Victor takes one. */
export interface PromptContent {
  /** What the user wrote, with the names of what they linked. */
  readonly text: string;
  /** The same, with those names alone that are to be read from the disk. */
  readonly mentions: string;
  readonly images: readonly Image[];
  readonly attachments: readonly Attachment[];
}

/**
 * What blocks say: links to files become mentions, which the session reads as far as it may; what is embedded goes along
 * as it is, because it may not be saved yet. Throws `Refusal` for what cannot be used.
 */
export function promptContent(blocks: readonly ContentBlock[], cwd: string): PromptContent {
  const text = new Written();
  const mentions = new Written();
  const images: Image[] = [];
  const attachments: Attachment[] = [];
  let room = MOST_EMBEDDED;
  const add = (shown: string, read = shown) => {
    text.word(shown);
    mentions.word(read);
  };
  for (const block of blocks) {
    if (block.type === 'text') {
      text.text(modelText(block.text));
      mentions.text(modelText(block.text));
    } else if (block.type === 'image') images.push(imageOf(block));
    else if (block.type === 'resource_link') {
      const file = fileOf(block.uri, cwd);
      if (file === undefined) add(linkOf(block), '');
      else add(`@${quoted(file)}`);
    } else if (block.type === 'resource') {
      const embedded = embeddedOf(block, cwd, room);
      add(embedded.shown, '');
      if (embedded.attachment) attachments.push(embedded.attachment);
      if (embedded.image) images.push(embedded.image);
      room -= embedded.attachment?.text.length ?? 0;
    } else throw new Refusal('params', `A prompt cannot hold ${block.type} here.`);
  }
  if (images.length > MOST_IMAGES)
    throw new Refusal('params', `A prompt can hold at most ${MOST_IMAGES} images.`);
  if (text.whole.trim() === '' && images.length + attachments.length === 0)
    throw new Refusal('params', 'The prompt is empty.', 'Say what to do.');
  return { text: text.whole, mentions: mentions.whole, images, attachments };
}

/** Pieces put together so that no word runs into the next. */
class Written {
  whole = '';
  #wordBefore = false;

  text(piece: string): void {
    if (piece === '') return;
    if (this.#wordBefore && /^[^\s.,;:!?)\]}'"]/.test(piece)) this.whole += ' ';
    else if (!this.#wordBefore && this.whole !== '') this.whole += '\n';
    this.whole += piece;
    this.#wordBefore = false;
  }

  word(piece: string): void {
    if (piece === '') return;
    if (this.whole !== '' && !/\s$/.test(this.whole)) this.whole += ' ';
    this.whole += piece;
    this.#wordBefore = true;
  }
}

/** The path that a `file:` address names, from the working directory where it lies below that, with the lines it names. */
function fileOf(uri: string, cwd: string): string | undefined {
  if (!uri.startsWith('file:')) return isAbsolute(uri) ? named(uri, cwd) : undefined;
  try {
    const url = new URL(uri);
    const [, from, to] = /^#L(\d{1,9})(?:[-:]L?(\d{1,9}))?/.exec(url.hash) ?? [];
    const path = named(fileURLToPath(url), cwd);
    if (path === undefined || from === undefined) return path;
    return `${path}:${from}${to === undefined ? '' : `-${to}`}`;
  } catch {
    return undefined;
  }
}

function named(path: string, cwd: string): string | undefined {
  // No mention can hold these.
  if (/["\n\0]/.test(path)) return undefined;
  const below = relative(cwd, path);
  return below !== '' && !below.startsWith('..') && !isAbsolute(below) ? below : path;
}

/** Always in quotes: what stands behind it is never a part of it. */
function quoted(path: string): string {
  return `"${path}"`;
}

function linkOf({ name, title, uri }: Pick<ResourceLink, 'name' | 'title' | 'uri'>): string {
  return modelText(`[${title ?? name}](${uri})`).replaceAll('\n', ' ');
}

function embeddedOf({ resource }: EmbeddedResource, cwd: string, room: number) {
  const { uri } = resource;
  const path = fileOf(uri, cwd);
  const name = modelText(path ?? uri).replaceAll('\n', ' ');
  if ('text' in resource) {
    const whole = modelText(resource.text);
    const text = whole.slice(0, Math.max(0, room));
    const cut = whole.length - text.length;
    const said = cut === 0 ? text : `${text}\n[${plural(cut, 'more character')}, left out]`;
    const attributes: Readonly<Record<string, string>> = path === undefined ? { uri: name } : { path: name };
    const attachment: Attachment = {
      name,
      summary: plural(text.split('\n').length, 'line'),
      text: dataBlock(path === undefined ? 'resource' : 'file', said, attributes),
    };
    return { shown: path === undefined ? linkOf({ name, uri }) : quoted(name), attachment };
  }
  const image = pictureIn(resource.blob);
  return image ? { shown: quoted(name), image } : { shown: `${quoted(name)} (not text, so it is not read)` };
}

function imageOf({ data }: ImageContent): Image {
  const image = pictureIn(data);
  if (image) return image;
  throw new Refusal(
    'params',
    'An image of the prompt is none that a model sees.',
    `Use PNG, JPEG, GIF or WebP of at most ${formatBytes(MAX_IMAGE_BYTES)}.`,
  );
}

/** Its type is what its bytes say. */
function pictureIn(data: string): Image | undefined {
  if (data.length > MAX_IMAGE_BYTES * 1.4) return undefined;
  const bytes = Buffer.from(data, 'base64');
  const mediaType = bytes.length > MAX_IMAGE_BYTES ? undefined : imageType(bytes);
  return mediaType === undefined ? undefined : { mediaType, data: bytes.toString('base64') };
}
