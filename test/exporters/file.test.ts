import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { createFileExporter, type FileExporterOptions } from '../../src/exporters/file.js';
import { builtInExporters } from '../../src/exporters/index.js';
import { events } from './events.js';

describe('file exporter', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'victor-exporters-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const file = () => join(folder, 'analytics.jsonl');
  const linesOf = async (path: string) => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const parsed = async (path: string) =>
    (await linesOf(path)).map((line) => JSON.parse(line) as AnalyticsEvent);

  it('appends one line of JSON an event, for the owner only, from the base directory', async () => {
    const exporter = createFileExporter({ path: 'analytics.jsonl', baseDirectory: folder });
    expect(exporter.name).toBe('file');
    expect(await exporter.export(events.slice(0, 2))).toEqual({ success: true, exportedCount: 2 });
    expect(await exporter.export(events.slice(2))).toEqual({ success: true, exportedCount: 1 });
    expect(await parsed(file())).toEqual(events);
    expect((await lstat(file())).mode & 0o777).toBe(0o600);
  });

  it('takes an absolute path as it is, and leaves the mode of a file that the user made', async () => {
    await writeFile(file(), '');
    await chmod(file(), 0o640);
    await createFileExporter({ path: file(), baseDirectory: '/nowhere' }).export(events);
    expect(await parsed(file())).toEqual(events);
    expect((await lstat(file())).mode & 0o777).toBe(0o640);
  });

  it('makes no file for no events', async () => {
    expect(await createFileExporter({ path: file() }).export([])).toEqual({
      success: true,
      exportedCount: 0,
    });
    await expect(lstat(file())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('begins a new line after one that a crash cut off', async () => {
    await writeFile(file(), '{"id":"half');
    await createFileExporter({ path: file() }).export(events);
    const [half, ...rest] = await linesOf(file());
    expect(half).toBe('{"id":"half');
    expect(rest.map((line) => JSON.parse(line))).toEqual(events);
  });

  it('keeps lines whole when two exporters append at once', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ ...events[1]!, id: `e${index}` }));
    const exporters = [createFileExporter({ path: file() }), createFileExporter({ path: file() })];
    const batches = Array.from({ length: 20 }, (_, index) => many.slice(index * 10, index * 10 + 10));
    await Promise.all(batches.map((batch, index) => exporters[index % 2]!.export(batch)));
    expect((await parsed(file())).map(({ id }) => id).sort()).toEqual(many.map(({ id }) => id).sort());
  });

  it('refuses a link and writes nothing through it', async () => {
    const target = join(folder, 'target');
    await writeFile(target, 'untouched');
    await symlink(target, file());
    const result = await createFileExporter({ path: file() }).export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toContain('symbolic link');
    expect(await readFile(target, 'utf8')).toBe('untouched');
    const dangling = join(folder, 'dangling');
    await symlink(join(folder, 'made'), dangling);
    expect((await createFileExporter({ path: dangling }).export(events)).success).toBe(false);
    await expect(lstat(join(folder, 'made'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['a folder', () => mkdir(file()), 'is a folder'],
    ['a pipe that nobody reads', async () => execFileSync('mkfifo', [file()]), 'not a regular file'],
    ['a place without its folder', async () => {}, 'folder does not exist'],
  ])('answers with a reason and the path for %s', async (name, prepare, text) => {
    await prepare();
    const path = name.includes('without') ? join(folder, 'missing', 'a.jsonl') : file();
    const result = await createFileExporter({ path }).export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toContain(text);
    expect(result.error).toContain(path);
  });

  it.each([
    ['nothing', {}, /needs "path"/],
    ['an empty path', { path: '' }, /path: expected the path of a file/],
    ['a path that is no text', { path: 7 }, /path: expected string/],
    ['a format that there is not', { path: 'a', format: 'xml' }, /format: .*"jsonl"\|"csv"/],
    ['an option it does not know', { path: 'a', pth: 'b' }, /no option "pth"/],
  ])('is not made from %s', (_case, options, text) => {
    expect(() => createFileExporter(options as FileExporterOptions)).toThrow(text);
  });

  it('is a built-in, whose paths start where it is named', async () => {
    const exporter = builtInExporters({}).file!({ path: 'a.jsonl' } as never, { baseDirectory: folder });
    expect((await exporter.export(events)).success).toBe(true);
    expect(await parsed(join(folder, 'a.jsonl'))).toEqual(events);
  });
});
