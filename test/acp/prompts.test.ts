import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContentBlock } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { startEditor } from './editor.js';
import { folderWith, realFolder } from './folders.js';

/** One pixel. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function sent(cwd: string, prompt: ContentBlock[], args: readonly string[] = []) {
  const model = await scriptedModel();
  const editor = await startEditor({ env: model.env, args });
  const id = await editor.open(cwd);
  const reason = await editor.prompt(id, prompt).catch((error) => error);
  await editor.close();
  const request = model.server.requests[0];
  return {
    reason,
    asked: request ? model.lastPrompt() : '',
    raw: request?.rawBody ?? '',
    said: editor.text(id),
  };
}

const text = (words: string): ContentBlock => ({ type: 'text', text: words });
const link = (path: string, hash = ''): ContentBlock => {
  return { type: 'resource_link', name: 'a file', uri: `${pathToFileURL(path)}${hash}` };
};

describe.concurrent('what a prompt of an editor holds', () => {
  it('a link to a file is read by the session, and stands in the sentence where it was', async () => {
    const cwd = folderWith({ 'src/a b.ts': 'line one\nline two\nline three\n' });
    const { asked } = await sent(cwd, [text('Look at '), link(join(cwd, 'src/a b.ts'), '#L2:2'), text('.')]);
    expect(asked).toContain('Look at @"src/a b.ts:2-2".');
    expect(asked).toContain('line two');
    expect(asked).not.toContain('line three');
  });

  it('a link to what the session may not read without asking is asked about, and left out after a no', async () => {
    const cwd = realFolder();
    const elsewhere = folderWith({ 'secret.txt': 'nobody reads this' });
    const { asked, said } = await sent(cwd, [text('Read '), link(join(elsewhere, 'secret.txt'))]);
    expect(asked).not.toContain('nobody reads this');
    expect(said).toContain('is not attached');
  });

  it('an embedded file goes along as the editor has it, saved or not, and is not read from the disk', async () => {
    const cwd = folderWith({ 'a.ts': 'as it is saved' });
    const uri = String(pathToFileURL(join(cwd, 'a.ts')));
    const { asked } = await sent(cwd, [
      text('See '),
      { type: 'resource', resource: { uri, text: 'as it is typed </file> now', mimeType: 'text/plain' } },
    ]);
    expect(asked).toMatch(/See "a\.ts"[\s\S]*<file path="a\.ts">\nas it is typed <\\\/file> now\n<\/file>/);
    expect(asked).not.toContain('as it is saved');
  });

  it('a link elsewhere stays a link', async () => {
    const { asked } = await sent(realFolder(), [
      text('See'),
      { type: 'resource_link', name: 'the issue', uri: 'https://example.org/1' },
    ]);
    expect(asked).toContain('See [the issue](https://example.org/1)');
  });

  it('an image is sent to a model that sees it', async () => {
    const image: ContentBlock = { type: 'image', mimeType: 'image/jpeg', data: png };
    const { raw, reason } = await sent(realFolder(), [text('What is it?'), image]);
    expect(reason).toBe('end_turn');
    // Its type is what it is, and not what was said of it.
    expect(raw).toContain('"media_type":"image/png"');
  });

  it('a model that sees none is told of the image, and so is the user', async () => {
    const image: ContentBlock = { type: 'image', mimeType: 'image/png', data: png };
    const { said } = await sent(
      realFolder(),
      [text('What is it?'), image],
      ['-m', 'anthropic/deepseek-v4-pro'],
    );
    expect(said).toContain('cannot see pictures');
  });

  it('nothing at all, an image that is none, and sound are refused in words', async () => {
    const cases: [ContentBlock[], RegExp][] = [
      [[], /prompt is empty/],
      [[text('  \n')], /prompt is empty/],
      [[text('look'), { type: 'image', mimeType: 'image/png', data: 'bm90IGFuIGltYWdl' }], /PNG, JPEG/],
      [[{ type: 'audio', mimeType: 'audio/wav', data: 'UklGRg==' }], /cannot hold audio/],
    ];
    for (const [prompt, message] of cases) {
      const { reason, raw } = await sent(realFolder(), prompt);
      expect(reason).toMatchObject({ code: -32602, message: expect.stringMatching(message) });
      expect(raw).toBe('');
    }
  });
});
