import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createConsoleExporter } from '../../src/exporters/console.js';
import { events } from './events.js';

describe('console exporter', () => {
  const collector = () => {
    const chunks: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(String(chunk));
        done();
      },
    });
    return { stream, text: () => chunks.join('') };
  };

  it('prints one line of JSON an event', async () => {
    const { stream, text } = collector();
    const exporter = createConsoleExporter({ stream });
    expect(exporter.name).toBe('console');
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
    const lines = text().split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  });

  it('prints nothing for no events', async () => {
    const { stream, text } = collector();
    expect(await createConsoleExporter({ stream }).export([])).toEqual({ success: true, exportedCount: 0 });
    expect(text()).toBe('');
  });

  it('answers with a reason when the stream fails, and the failure ends nothing else', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken pipe')) });
    const result = await createConsoleExporter({ stream }).export(events);
    expect(result).toEqual({ success: false, exportedCount: 0, error: 'broken pipe' });
    await new Promise((resolve) => setImmediate(resolve));
    const again = await createConsoleExporter({ stream }).export(events);
    expect(again.success).toBe(false);
  });

  it('refuses an option it does not know', () => {
    expect(() => createConsoleExporter({ colour: true } as object)).toThrow(/no option "colour"/);
  });
});
