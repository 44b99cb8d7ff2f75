import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrations } from '../src/storage/migrations.js';
import { analyticsViews } from '../src/storage/schema-analytics.js';
import { openSqliteStore } from '../src/storage/sqlite-store.js';
import { counted, daysAgo, storeCounted } from './helpers/counted-events.js';
import { runShell } from './helpers/run-victor.js';
import { makeWorkspace } from './helpers/workspace.js';
import { withDatabase } from './storage/database.js';

const page = readFileSync(new URL('../docs/analytics.md', import.meta.url), 'utf8');

/** The views of the page with the columns of their tables, in order. */
function documented(): Record<string, string[]> {
  const parts = page.split(/^### /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const rows = [...part.matchAll(/^\| (\w+) \| [^|]+ \|$/gm)].map(([, column = '']) => column);
      return [part.split('\n')[0]!, rows.filter((column) => column !== 'column')];
    }),
  );
}

describe('docs/analytics.md', () => {
  it('has every view of the database with every column, in its order, and the version they came with', async () => {
    const file = join(await makeWorkspace(), 'victor.db');
    await (await openSqliteStore({ file })).close();
    const views = withDatabase(file, (database) =>
      database
        .prepare<[], { name: string; columns: string }>(
          `SELECT name, (SELECT group_concat(name) FROM pragma_table_info(view.name)) AS columns
           FROM sqlite_schema AS view WHERE type = 'view'`,
        )
        .all(),
    );
    expect(views.length).toBeGreaterThan(5);
    expect(documented()).toEqual(
      Object.fromEntries(views.map(({ name, columns }) => [name, columns.split(',')])),
    );
    const { version } = migrations.find(({ sql }) => sql === analyticsViews)!;
    expect(page.replaceAll('\n', ' ')).toContain(`These views came with version ${version}.`);
  });

  it('every command of the page runs as it stands there', async () => {
    const home = await makeWorkspace();
    await storeCounted(home, [{ id: 's', cwd: '/work', events: [counted(daysAgo(0), 'claude', 0.5)] }]);
    const commands = [...page.matchAll(/^victor stats[^\n]*/gm)].map(([line]) =>
      line.split(' # ')[0]!.trim(),
    );
    expect(commands.length).toBeGreaterThan(4);
    const { code, stdout, stderr } = await runShell(commands.join('\n'), {
      cwd: home,
      env: { VICTOR_HOME: home },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'victor: wrote stats.html\n' });
    expect(stdout.match(/\$0\.5000/g)?.length).toBeGreaterThan(1);
    expect(readFileSync(join(home, 'stats.html'), 'utf8')).toContain('$0.5000');
  });
});
