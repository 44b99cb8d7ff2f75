import { chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { victorPaths } from '../../src/config/paths.js';
import { isTrusted, listTrusted, revokeTrust, trustFolder } from '../../src/config/trust.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function setUp() {
  const root = await makeWorkspace({ 'project/file': '', 'project/sub/file': '' });
  return { root, project: join(root, 'project'), paths: victorPaths({ VICTOR_HOME: join(root, 'home') }) };
}

describe('folder trust', () => {
  it('trusts a folder, lists it and forgets it', async () => {
    const { project, paths } = await setUp();
    expect(await isTrusted(project, paths)).toBe(false);
    expect(await listTrusted(paths)).toEqual([]);
    await trustFolder(project, paths, []);
    await trustFolder(project, paths, []);
    expect(await isTrusted(project, paths)).toBe(true);
    expect(await listTrusted(paths)).toMatchObject([{ directory: project }]);
    expect(await revokeTrust(project, paths)).toBe(true);
    expect(await revokeTrust(project, paths)).toBe(false);
    expect(await isTrusted(project, paths)).toBe(false);
  });

  it('keeps its file to the user: 0600 in a folder of 0700', async () => {
    const { project, paths } = await setUp();
    await trustFolder(project, paths, []);
    expect((await stat(paths.trustFile)).mode & 0o777).toBe(0o600);
    expect((await stat(paths.configDirectory)).mode & 0o777).toBe(0o700);
  });

  it('C18: does not extend to folders inside, beside or around it', async () => {
    const { root, project, paths } = await setUp();
    await mkdir(`${project}-evil`);
    await trustFolder(project, paths, []);
    for (const other of [join(project, 'sub'), `${project}-evil`, root]) {
      expect(await isTrusted(other, paths)).toBe(false);
    }
  });

  it('C18: is of the real folder: a link to it is trusted, a link put in its place is not', async () => {
    const { root, project, paths } = await setUp();
    await symlink(project, join(root, 'link'));
    await trustFolder(join(root, 'link'), paths, []);
    expect(await isTrusted(project, paths)).toBe(true);
    expect(await isTrusted(join(root, 'link'), paths)).toBe(true);
    await rename(project, join(root, 'moved'));
    await mkdir(join(root, 'evil'));
    await symlink(join(root, 'evil'), project);
    expect(await isTrusted(project, paths)).toBe(false);
    expect(await isTrusted(join(root, 'moved'), paths)).toBe(false);
  });

  it('C18: another folder of the same name is not trusted', async () => {
    const { root, project, paths } = await setUp();
    await trustFolder(project, paths, []);
    await rename(project, join(root, 'old'));
    await mkdir(project);
    expect(await isTrusted(project, paths)).toBe(false);
    await trustFolder(project, paths, []);
    expect(await listTrusted(paths)).toHaveLength(1);
  });

  it('forgets a folder that is gone', async () => {
    const { project, paths } = await setUp();
    await trustFolder(project, paths, []);
    await rm(project, { recursive: true });
    expect(await revokeTrust(project, paths)).toBe(true);
  });

  it.each(['/', homedir()])('C18: trusting %s takes force', async (folder) => {
    const { paths } = await setUp();
    await expect(trustFolder(folder, paths, [])).rejects.toMatchObject({
      code: 'config',
      advice: 'Trust the folder of one project instead, or pass --force.',
    });
    expect(await isTrusted(folder, paths)).toBe(false);
    await trustFolder(folder, paths, [], { force: true });
    expect(await isTrusted(folder, paths)).toBe(true);
  });

  it('trusts nothing on the word of a file that is damaged or that others may write, and says so', async () => {
    const { project, paths } = await setUp();
    await trustFolder(project, paths, []);
    await chmod(paths.trustFile, 0o666);
    await expect(isTrusted(project, paths)).rejects.toThrow('can be written by other users');
    await chmod(paths.trustFile, 0o600);
    await writeFile(paths.trustFile, '{"version":1,"folders":[{"directory":"/"}]}');
    await expect(isTrusted(project, paths)).rejects.toMatchObject({ code: 'config', file: paths.trustFile });
    expect(await readFile(paths.trustFile, 'utf8')).toContain('"/"');
  });
});
