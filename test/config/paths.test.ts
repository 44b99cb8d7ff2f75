import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { victorPaths } from '../../src/config/paths.js';

describe('victorPaths', () => {
  it('uses the XDG folders below the home folder', () => {
    expect(victorPaths({ HOME: '/home/ada' })).toEqual({
      configDirectory: '/home/ada/.config/victor',
      dataDirectory: '/home/ada/.local/share/victor',
      databaseFile: '/home/ada/.local/share/victor/victor.db',
      trustFile: '/home/ada/.config/victor/trust.json',
      approvalsDirectory: '/home/ada/.config/victor/approvals',
      outputDirectory: '/home/ada/.local/share/victor/output',
    });
  });

  it('follows XDG_CONFIG_HOME and XDG_DATA_HOME, and ignores relative ones as the specification says', () => {
    const paths = victorPaths({ HOME: '/home/ada', XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: 'relative' });
    expect(paths.configDirectory).toBe('/c/victor');
    expect(paths.dataDirectory).toBe('/home/ada/.local/share/victor');
  });

  it('puts everything below VICTOR_HOME, which wins over XDG', () => {
    const paths = victorPaths({ HOME: '/home/ada', VICTOR_HOME: '/v', XDG_CONFIG_HOME: '/c' });
    expect(Object.values(paths).every((path) => path.startsWith('/v'))).toBe(true);
    expect(paths.trustFile).toBe('/v/trust.json');
  });

  it('refuses a relative VICTOR_HOME, which would be a folder of whatever project one stands in', () => {
    expect(() => victorPaths({ VICTOR_HOME: '.victor' })).toThrow(/VICTOR_HOME is ".victor"/);
  });

  it('asks the system where home is when HOME is not set', () => {
    expect(victorPaths({}).configDirectory.startsWith(homedir())).toBe(true);
  });
});
