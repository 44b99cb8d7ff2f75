import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readKeyFile } from '../../src/config/key-file.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function keyFile(content: string, mode = 0o600): Promise<string> {
  const file = join(await makeWorkspace({ key: content }), 'key');
  await chmod(file, mode);
  return file;
}

describe('readKeyFile', () => {
  it('answers the key without the white space around it', async () => {
    expect(await readKeyFile(await keyFile('\ufeff sk-test-123 \r\n'))).toBe('sk-test-123');
    expect(await readKeyFile(await keyFile('sk-test-123', 0o400))).toBe('sk-test-123');
  });

  it.each([0o644, 0o640, 0o604])('refuses a file of mode %o, which others can read', async (mode) => {
    const file = await keyFile('sk-test-123', mode);
    await expect(readKeyFile(file)).rejects.toMatchObject({
      code: 'config',
      key: 'apiKeyFile',
      message: `The key file ${file} can be read by other users`,
      advice: `Run chmod 600 ${file}.`,
    });
  });

  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['two words', 'holds more than a key'],
    ['OPENAI_API_KEY=a\nB=c', 'holds more than a key'],
    ['schlüssel', 'holds more than a key'],
    ['x'.repeat(20_000), 'is larger than 16 kB'],
  ])('refuses %j without repeating it', async (content, reason) => {
    const error = (await readKeyFile(await keyFile(content)).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain(reason);
    if (content.trim() !== '') expect(error.message).not.toContain(content);
  });

  it('refuses a file that is missing, a folder, or a pipe, without a hang', async () => {
    const folder = await makeWorkspace();
    execFileSync('mkfifo', ['-m', '600', join(folder, 'pipe')]);
    await expect(readKeyFile(join(folder, 'none'))).rejects.toThrow('does not exist');
    await expect(readKeyFile(folder)).rejects.toThrow('is a folder');
    await expect(readKeyFile(join(folder, 'pipe'))).rejects.toThrow('is a named pipe');
  });
});
