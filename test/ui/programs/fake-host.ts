import type { Host } from '../../../src/ui/host.js';

/** What the slash commands ask of the command line, answered from a table. */
export const fakeHost: Host = {
  about: async () => ({
    version: '1.2.3',
    folder: '/work/app',
    workspaceRoot: '/work',
    trusted: false,
    sandbox: 'sandbox',
    settingsFiles: ['/work/.victorrc', '/home/me/config.json'],
    databaseFile: '/home/me/victor.db',
  }),
  statistics: async ({ days, by, columns }) => `${days} days by ${by}\nin ${columns} cells`,
  keptPermissions: async () => [{ since: 0, tool: 'Bash', what: 'npm test' }],
  explainCommand: async (command) => `ask: ${command} may do anything\nmode: ask`,
  checkHealth: async (tell) => {
    tell('system', [{ name: 'git', status: 'ok', detail: '/usr/bin/git' }]);
    tell('this chat', [{ name: 'provider', status: 'failed', detail: 'no key' }]);
  },
  openInBrowser: async () => false,
  models: async () => [
    { name: 'other/two', about: '$1 in' },
    { name: 'fake/one', about: '$3 in' },
  ],
};
