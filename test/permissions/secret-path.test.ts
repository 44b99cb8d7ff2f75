import { describe, expect, it } from 'vitest';
import { isSecretPath } from '../../src/core/secret-path.js';

describe('P17: what holds keys by convention', () => {
  const secret = [
    '.env',
    'a/.env',
    '.ENV',
    '.env.local',
    '.env.production',
    '.envrc',
    '/home/u/.ssh/id_rsa',
    '/home/u/.ssh/config',
    'id_ed25519',
    'certs/server.pem',
    'server.KEY',
    '/home/u/.aws/credentials',
    '.npmrc',
    '.netrc',
    '_netrc',
    '.pgpass',
    '.git-credentials',
    '/home/u/.kube/config',
    '/home/u/.docker/config.json',
    'a/.config/gh',
    '/home/u/.config/op/config',
    'credentials.json',
    'secrets.yaml',
    'service-account-prod.json',
    '/proc/self/environ',
    '/proc/1/environ',
    '/proc/1/task/1/environ',
    '/proc/7/mem',
    '/proc/7/fd/3',
    '/etc/shadow',
  ];
  const variants = ['.ENV', '.env.', '.env ', '.env::$DATA', 'a/.Env. /', 'ID_RSA.', '.ssh./id', '\uff0eenv'];
  it.each(variants)('P12, P13: %j is one where a file system takes it for its other spelling', (path) => {
    expect(isSecretPath(path.replace(/\/$/, ''))).toBe(true);
  });
  it.each(secret)('P17: %s is one', (path) => expect(isSecretPath(path)).toBe(true));

  const ordinary = [
    '.env.example',
    '.env.sample',
    '.config/ghost/x',
    'environment.ts',
    'src/env.ts',
    'id_rsa.pub',
    'src/key.ts',
    'keys.json',
    'docs/ssh.md',
    'src/credentials.ts',
    'secret.ts',
    '/proc/cpuinfo',
    '/proc/meminfo',
    'package.json',
    'monkey',
    'environ',
  ];
  it.each(ordinary)('%s is not', (path) => expect(isSecretPath(path)).toBe(false));
});
