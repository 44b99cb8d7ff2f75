import { describe, expect, it } from 'vitest';
import type { ProviderRequest } from '../../src/core/provider.js';
import { anthropicRequest } from '../../src/providers/anthropic-request.js';
import { closedSchema } from '../../src/providers/closed-schema.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { responsesRequest } from '../../src/providers/openai-responses-request.js';

const closed = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'of the file' },
    lines: { type: 'array', items: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
    kind: { type: 'string', enum: ['a', 'b'] },
  },
  required: ['name', 'lines', 'kind'],
  additionalProperties: false,
};

const request: ProviderRequest = {
  model: 'some-model',
  system: '',
  messages: [{ role: 'user', content: 'hi', id: 'm1', createdAt: 0 } as never],
  tools: [],
  maxTokens: 100,
  answerSchema: { $schema: 'https://json-schema.org/draft/2020-12/schema', ...closed },
};

describe('a schema for the answer, as providers take it', () => {
  it('goes into the request of each dialect under its own name, without what only names the schema', () => {
    expect(anthropicRequest(request)).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: closed } },
    });
    expect(responsesRequest(request, 'api.openai.com')).toMatchObject({
      text: { format: { type: 'json_schema', name: 'answer', schema: closed, strict: true } },
    });
    expect(openAIRequest(request, { isOpenAI: true })).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: closed, strict: true } },
    });
    expect(anthropicRequest(request).output_config).not.toHaveProperty('format.schema.$schema');
  });

  it('is left out for servers that only speak the protocol, and where no schema is asked for', () => {
    expect(openAIRequest(request, { isOpenAI: false })).not.toHaveProperty('response_format');
    const { answerSchema, ...plain } = request;
    expect(anthropicRequest(plain)).not.toHaveProperty('output_config');
    expect(openAIRequest(plain, { isOpenAI: true })).not.toHaveProperty('response_format');
    expect(responsesRequest(plain, 'api.openai.com')).not.toHaveProperty('text');
  });

  it('says the type of choices, which not everybody finds out', () => {
    const choices = {
      a: { enum: ['x', 1, null] },
      b: { const: true },
      c: { anyOf: [{ const: 'y' }, { type: 'null' }] },
    };
    const schema = { ...closed, properties: choices, required: ['a', 'b', 'c'] };
    expect(closedSchema(schema)?.properties).toEqual({
      a: { type: ['string', 'number', 'null'], enum: ['x', 1, null] },
      b: { type: 'boolean', const: true },
      c: { anyOf: [{ type: 'string', const: 'y' }, { type: 'null' }] },
    });
  });

  it.each([
    ['an open object', { ...closed, additionalProperties: undefined }],
    ['a member that may be missing', { ...closed, required: ['name', 'lines'] }],
    ['a list at the root', { type: 'array', items: closed }],
    ['a list of anything', { ...closed, properties: { ...closed.properties, lines: { type: 'array' } } }],
    [
      'a pattern',
      { ...closed, properties: { ...closed.properties, name: { type: 'string', pattern: 'a' } } },
    ],
    [
      'an open object deep inside',
      {
        ...closed,
        properties: { ...closed.properties, lines: { type: 'array', items: { type: 'object' } } },
      },
    ],
    ['a choice of lists', { ...closed, properties: { ...closed.properties, name: { enum: [['a']] } } }],
    [
      'a type that is an object or nothing',
      { ...closed, properties: { ...closed.properties, name: { type: ['object', 'null'] } } },
    ],
    ['anything', { ...closed, properties: { ...closed.properties, name: {} } }],
    ['a reference', { ...closed, properties: { ...closed.properties, name: { $ref: '#' } } }],
  ])('%s: left out, because one provider or another refuses it', (_, schema) => {
    expect(closedSchema(closed)).toEqual(closed);
    expect(closedSchema(schema)).toBeUndefined();
  });
});
