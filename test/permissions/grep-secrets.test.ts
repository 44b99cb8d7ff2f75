import { describe, expect, it } from 'vitest';
import { findRipgrep } from '../../src/tools/find-ripgrep.js';
import { createGrepTool } from '../../src/tools/grep.js';
import { workspace } from '../tools/workspace.js';

const ways = [
  ['with ripgrep', { findRipgrep }],
  ['without ripgrep', { findRipgrep: async () => undefined }],
] as const;

describe.each(ways)('Grep %s over a folder', (_, options) => {
  it('P17: shows no line of .env and key files, says that it left some out, and goes on', async () => {
    const { write, run } = workspace();
    write('.env', 'NEEDLE=hunter2\n');
    write('deep/.env.local', 'NEEDLE=hunter2\n');
    write('deep/server.pem', 'NEEDLE hunter2\n');
    write('src/a.ts', 'const NEEDLE = 1;\n');
    write('.env.example', 'NEEDLE=changeme\n');
    const grep = createGrepTool(options);
    for (const input of [{ pattern: 'NEEDLE' }, { pattern: 'NEEDLE', context: 2 }]) {
      const { content } = await run(grep, input);
      expect(content).not.toContain('hunter2');
      expect(content).toContain('src/a.ts');
      expect(content).toContain('changeme');
      expect(content).toContain('left out');
    }
    const names = await run(grep, { pattern: 'hunter2', filesOnly: true });
    expect(names.content).toContain('[No matches.]');
  });
});
