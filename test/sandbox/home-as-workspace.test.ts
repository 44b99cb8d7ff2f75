import { expect, it } from 'vitest';
import { settings } from '../../src/config/schema.js';
import { CommandSandbox } from '../../src/sandbox/command-sandbox.js';
import { createBashTool } from '../../src/tools/bash.js';
import { workspace } from '../tools/workspace.js';

const secrets = [
  ...['.ssh/id_ed25519', '.aws/credentials', '.kube/config', '.docker/config.json', '.config/gh/hosts.yml'],
  ...['.config/op/config', '.netrc', '.npmrc', '.yarnrc.yml', '.my.cnf', '.pgpass', '.vault-token'],
  ...['.git-credentials', '.cargo/credentials.toml', '.bash_history'],
];

it('P17 a home that is the workspace: a command in the sandbox reads none of its keys, and the rest', async () => {
  const { root, context, write } = workspace();
  for (const one of [...secrets, 'notes.txt']) write(one, `NEEDLE in ${one}\n`);
  const confinement = new CommandSandbox({
    settings: settings({ sandbox: 'require' }),
    environment: { ...process.env, HOME: root },
    cwd: root,
    workspaceRoot: root,
    paths: { configDirectory: '/nonexistent', dataDirectory: '/nonexistent' },
  });
  const tool = createBashTool({ confinement });
  const command = `cat ${secrets.join(' ')} 2>/dev/null; cat notes.txt`;
  const { content } = await tool.execute({ command, timeoutMs: 20_000 }, context);
  expect(content).toContain('NEEDLE in notes.txt');
  expect(secrets.filter((one) => content.includes(`NEEDLE in ${one}`))).toEqual([]);
});
