import type { ProviderRequest, RequestMessage } from '../core/provider.js';
import { modelFacts } from './catalogue.js';

/** The messages as the model can read them: one that takes no pictures is told in words that there were some. */
export function readableMessages({ messages, model }: ProviderRequest): readonly RequestMessage[] {
  if (modelFacts(model).images || !messages.some(({ images }) => images?.length)) return messages;
  return messages.map((message) => {
    const { images = [], ...rest } = message;
    if (images.length === 0) return message;
    const count = images.length === 1 ? 'A picture was' : `${images.length} pictures were`;
    const note = `(${count} left out: this model reads text only.)`;
    return { ...rest, content: [message.content, note].filter((text) => text.trim() !== '').join('\n\n') };
  });
}
