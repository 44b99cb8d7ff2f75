import { expect, it } from 'vitest';
import { ApprovedTools } from '../../src/config/approved-tools.js';
import { KeptLogins } from '../../src/config/kept-logins.js';
import { Server } from '../../src/mcp/server.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { hostileServer } from './servers.js';

it('a server whose list has page after page is given up once its start has taken too long in all', async () => {
  const workspace = temporaryDirectory();
  const server = new Server({
    definition: {
      ...{ name: 'bad', server: hostileServer('pages-without-end'), withheld: new Set<string>() },
      isStillConfirmed: () => true,
    },
    ...{ environment: process.env, inherited: process.env, workspace, trusted: true, startTimeoutMs: 1_500 },
    approved: new ApprovedTools({ configDirectory: workspace }, { kept: false }),
    logins: new KeptLogins({ configDirectory: workspace }),
    onChange: () => {},
    onNotice: () => {},
  });
  await expect(server.connection()).rejects.toThrow(/did not answer within/);
  expect(server.status).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('did not answer'),
  });
  await server.close();
});
