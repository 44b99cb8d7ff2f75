import { describe, expect, it } from 'vitest';
import { sandboxProfile } from '../../src/sandbox/sandbox-exec.js';

const limits = {
  cwd: '/w',
  writable: ['/w'],
  readable: ['/Users/me/.nvm/versions'],
  hidden: ['/Users/me'],
  masked: [{ path: '/w/.ssh', isFolder: true }],
  readOnly: ['/w/.git/hooks'],
  denied: ['/w/.victorrc'],
  pinned: ['/w/.git'],
  network: false,
};

/** Unverified: no macOS runs this. The text alone is looked at. */
describe('the profile for sandbox-exec, as text', () => {
  const lines = sandboxProfile(limits).split('\n');
  const position = (text: string) => lines.findIndex((line) => line.includes(text));

  it('denies the network and writing before it allows the workspace, since the last rule counts', () => {
    expect(lines).toContain('(deny network*)');
    expect(position('(deny file-write*)')).toBeLessThan(
      position('(allow file-read* file-write* (subpath "/w"))'),
    );
  });

  it('shows tools of a hidden home, and denies secrets and protected paths last', () => {
    const [hidden, tools, workspace] = ['(deny file-read* (subpath "/Users/me"))', '.nvm', '"/w")'].map(
      position,
    );
    expect(hidden).toBeGreaterThan(0);
    expect(tools).toBeGreaterThan(hidden!);
    expect(position('"/w/.git/hooks"')).toBeGreaterThan(workspace!);
    expect(position('"/w/.victorrc"')).toBeGreaterThan(workspace!);
    expect(position('"/w/.ssh"')).toBeGreaterThan(workspace!);
    expect(lines).toContain('(deny file-write-unlink (literal "/w/.git"))');
  });

  it('lets no path end its quotes', () => {
    expect(sandboxProfile({ ...limits, writable: ['/w") (allow default) ("\\'] })).toContain(
      '(subpath "/w\\") (allow default) (\\"\\\\")',
    );
  });

  it('leaves the network alone where it is allowed', () => {
    expect(sandboxProfile({ ...limits, network: true })).not.toContain('network');
  });
});
