import type { Attached, Attachment } from './attachment.js';
import { newId } from './id.js';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** One call the model asked for. `input` is parsed JSON; when the model sent text that is no JSON object, `invalidInput` holds that text. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly invalidInput?: string;
}

/** A block of model reasoning, kept word for word because some providers demand it back with its signature. */
export interface Thinking {
  readonly text: string;
  readonly signature?: string;
  /** Opaque reasoning that the provider encrypted; `text` is then the ciphertext. */
  readonly redacted?: boolean;
  /** How many of the message's text and calls came before it; absent when none did. They are sent back in this order. */
  readonly after?: number;
  /** What the Responses API wants back; `text` is then its summary, for people. */
  readonly item?: ReasoningItem;
}

/** A reasoning item of the Responses API: its words are encrypted, and only the model that thought it can read them. */
export interface ReasoningItem {
  readonly id: string;
  readonly encrypted: string;
  readonly summary: readonly string[];
  /** The host and the model that it is from, with a blank between them. */
  readonly from: string;
}

export interface Image {
  /** For example `image/png`. */
  readonly mediaType: string;
  /** Base64, without a data-URL prefix. */
  readonly data: string;
}

/**
 * One message of a conversation. `content` is always the readable text, so that a strategy or contributor
 * can work on it without knowing any wire protocol; calls, results and reasoning sit beside it.
 */
export interface Message {
  readonly id: string;
  readonly role: Role;
  readonly content: string;
  /** Assistant only: the calls asked for, in order. */
  readonly toolCalls?: readonly ToolCall[];
  /** Assistant only. */
  readonly thinking?: readonly Thinking[];
  /** Tool only: the id of the call this message answers. */
  readonly toolCallId?: string;
  /** Tool only: the name of the tool that was called. */
  readonly toolName?: string;
  /** Tool only: the call failed, was refused or never ended. */
  readonly isError?: boolean;
  /** Tool only: the call was refused, so nothing ran. */
  readonly refused?: boolean;
  /** User and tool messages. */
  readonly images?: readonly Image[];
  /** User only: what went along behind what was typed. */
  readonly attached?: Attached;
  /** User only: no message, but a command that the user ran, `!` before it; its output is attached. */
  readonly command?: boolean;
  /** User only: not typed by the user, but stands for earlier messages that were compacted. */
  readonly summary?: boolean;
  /** Assistant only: the stream ended before the message did (abort, cut connection, crash). */
  readonly partial?: boolean;
}

export function systemMessage(content: string): Message {
  return { id: newId(), role: 'system', content };
}

export function userMessage(
  typed: string,
  images: readonly Image[] = [],
  attachments: readonly Attachment[] = [],
): Message {
  const content = [typed, ...attachments.map(({ text }) => text)].join('\n\n');
  const pictures = [...images, ...attachments.flatMap((one) => one.images ?? [])];
  const items = attachments.map(({ name, summary }) => ({ name, summary }));
  return {
    id: newId(),
    role: 'user',
    content,
    ...(pictures.length > 0 ? { images: pictures } : {}),
    ...(items.length > 0 ? { attached: { from: typed.length, items } } : {}),
  };
}

/** What the user typed of a message, without what was attached to it. */
export function typedText({ content, attached }: Message): string {
  return attached ? content.slice(0, attached.from) : content;
}

export function summaryMessage(content: string): Message {
  return { id: newId(), role: 'user', content, summary: true };
}

export function assistantMessage(
  content: string,
  extra: Pick<Message, 'toolCalls' | 'thinking' | 'partial'> = {},
): Message {
  return {
    id: newId(),
    role: 'assistant',
    content,
    ...(extra.toolCalls?.length ? { toolCalls: extra.toolCalls } : {}),
    ...(extra.thinking?.length ? { thinking: extra.thinking } : {}),
    ...(extra.partial ? { partial: true } : {}),
  };
}

export function toolMessage(call: Pick<ToolCall, 'id' | 'name'>, content: string, isError = false): Message {
  return {
    id: newId(),
    role: 'tool',
    content,
    toolCallId: call.id,
    toolName: call.name,
    ...(isError ? { isError } : {}),
  };
}
