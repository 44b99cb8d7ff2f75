import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { createFileExporter } from '../../src/exporters/file.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { events } from './events.js';

const header = 'id,sessionId,type,timestamp,data';

/** A reader of RFC 4180 that knows nothing of the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    if (quoted && character === '"' && text[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === ',' || character === '\n')) {
      rows.at(-1)!.push(cell);
      cell = '';
      if (character === '\n') rows.push([]);
    } else cell += character;
  }
  expect({ quoted, rest: cell, last: rows.pop() }).toEqual({ quoted: false, rest: '', last: [] });
  return rows;
}

const rowOf = ({ id, sessionId, type, timestamp, data }: AnalyticsEvent) => [
  id,
  sessionId,
  type,
  String(timestamp),
  JSON.stringify(data),
];

describe('file exporter with format csv', () => {
  const place = async (content?: string) => {
    const folder = await makeWorkspace(content === undefined ? {} : { 'a.csv': content });
    const path = join(folder, 'a.csv');
    return { folder, path, exporter: createFileExporter({ path, format: 'csv' }) };
  };
  const rows = async (path: string) => readCsv(await readFile(path, 'utf8'));

  it('writes one header, and one row an event that any reader gets back whole', async () => {
    const { path, folder, exporter } = await place();
    const odd = { ...events[0]!, sessionId: 'a,"b"\nc\r;' };
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
    expect(await exporter.export([odd])).toEqual({ success: true, exportedCount: 1 });
    expect(await rows(path)).toEqual([header.split(','), ...[...events, odd].map(rowOf)]);
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'makes a text of %j, which a spreadsheet would run',
    async (sessionId) => {
      const { path, exporter } = await place();
      await exporter.export([{ ...events[0]!, sessionId }]);
      expect((await rows(path))[1]?.[1]).toBe(`'${sessionId}`);
    },
  );

  it('has one header when many begin it at the same moment', async () => {
    const { path, folder } = await place();
    const exporters = Array.from({ length: 8 }, () => createFileExporter({ path, format: 'csv' }));
    await Promise.all(exporters.map((exporter) => exporter.export(events)));
    const [first, ...rest] = await rows(path);
    expect(first).toEqual(header.split(','));
    expect(rest.map(([id]) => id)).toEqual(Array(8).fill(['e1', 'e2', 'e3']).flat());
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  it('has one header and every row whole when processes share it', async () => {
    const { path, folder } = await place();
    const writer = fileURLToPath(new URL('./csv-writer.ts', import.meta.url));
    const children = [0, 1].map((name) =>
      spawn(process.execPath, ['--import', 'tsx', writer, path, String(name)], { stdio: 'inherit' }),
    );
    expect(await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))).toEqual([0, 0]);
    const [first, ...rest] = await rows(path);
    expect(first).toEqual(header.split(','));
    const ids = [0, 1].flatMap((name) => Array.from({ length: 10 }, (_, batch) => `${name}-${batch}`));
    expect(rest.map(([id]) => id).sort()).toEqual(ids);
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  it('gives an empty file that the user made its header', async () => {
    const { path, exporter } = await place('');
    await exporter.export(events.slice(0, 1));
    expect((await rows(path)).map(([first]) => first)).toEqual(['id', 'e1']);
  });

  it.each([
    ['in the middle of a quoted cell', `${header}\n"e0","half of it, `],
    ['behind a cell', `${header}\n"e0","s"`],
  ])('a row that a crash cut off %s spoils no other', async (_case, torn) => {
    const { path, exporter } = await place(torn);
    await exporter.export(events);
    const all = await rows(path);
    expect(all[1]?.[0]).toBe('e0');
    expect(all.slice(2)).toEqual(events.map(rowOf));
  });

  it('refuses a link, dangling or not, and leaves nothing behind', async () => {
    const { path, folder, exporter } = await place();
    await symlink(join(folder, 'elsewhere'), path);
    expect(await exporter.export(events)).toMatchObject({
      success: false,
      error: expect.stringContaining('symbolic link'),
    });
    await writeFile(join(folder, 'elsewhere'), '');
    expect((await exporter.export(events)).success).toBe(false);
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'elsewhere']);
    expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('');
  });
});
