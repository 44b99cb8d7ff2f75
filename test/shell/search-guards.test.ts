import { expect, it } from 'vitest';
import { classifyCommand } from '../../src/shell/classify.js';
import { createBashTool } from '../../src/tools/bash.js';
import { makeWorkspace } from '../helpers/workspace.js';

it.each(['.kube', 'a/.config', '.cargo/', './.docker', '.Config'])(
  'P17 a search by grep in %s asks, instead of passing over it without a word',
  (folder) => {
    expect(classifyCommand(`grep -rn NEEDLE ${folder}`)).toMatchObject({ verdict: 'ask' });
    expect(classifyCommand(`grep -n NEEDLE ${folder}/settings.json`).verdict).toBe('allow');
  },
);

it('P17 a search through folders that runs unasked shows no line of a file with secrets', async () => {
  const files = [
    '.env',
    'a/.env.local',
    'a/server.pem',
    'a/id_rsa',
    '.ssh/other',
    'credentials.json',
    '.npmrc',
    '.config/gh/hosts.yml',
    '.config/gcloud/access.db',
    '.kube/config',
    '.docker/config.json',
    '.cargo/credentials.old',
    'a/open.txt',
  ];
  const cwd = await makeWorkspace(Object.fromEntries(files.map((file) => [file, `NEEDLE in ${file}\n`])));
  const bash = createBashTool();
  const context = {
    cwd,
    sessionId: 's',
    signal: new AbortController().signal,
    files: new Map(),
    outputDirectory: cwd,
  };
  const searches = [
    'grep -rn NEEDLE .',
    'grep -r NEEDLE',
    'grep -rh -- NEEDLE .',
    "grep -r --include='*' NEEDLE a",
    'grep -rn NEEDLE . | head -20',
    'grep -rl NEEDLE . ; true',
    'rg -n NEEDLE .',
    "rg -n -g '*' NEEDLE .",
    "rg -n --iglob='**' -g .config -g .cargo -g a NEEDLE .",
  ];
  for (const command of searches) {
    expect(classifyCommand(command).verdict, command).toBe('allow');
    const { content } = await bash.execute({ command }, context);
    expect(content, command).toMatch(/open\.txt/);
    for (const file of files.slice(0, -1)) expect(content, command).not.toContain(file);
  }
});
