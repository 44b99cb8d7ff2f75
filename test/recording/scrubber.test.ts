import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdSecrets } from '../../src/core/held-secrets.js';
import { cleanChunks } from '../../src/recording/clean-answer.js';
import { editPieces } from '../../src/recording/edits.js';
import { Scrubber } from '../../src/recording/scrubber.js';
import { ServerIds } from '../../src/recording/server-ids.js';

const here = { cwd: '/srv/work/project', environment: { HOME: '/home/somebody' } };
const there = { cwd: '/other/place', environment: { HOME: '/Users/else' } };
const id = '0a1b2c3d-1111-4222-8333-123456789abc';

describe('what a recording keeps of a text', () => {
  const clean = (text: string, isResult = false) => new Scrubber(here).request(text, isResult);

  it.each([
    ['/srv/work/project/src/a.ts', '<victor:cwd>/src/a.ts'],
    ['in /srv/work/project.', 'in <victor:cwd>.'],
    ['"file:///srv/work/project/a"', '"file://<victor:cwd>/a"'],
    // As it stands in the JSON of a call's arguments.
    ['cd x\\n/srv/work/project/run', 'cd x\\n<victor:cwd>/run'],
    ['/home/somebody/notes', '<victor:home>/notes'],
    [
      '/home/somebody/.local/share/victor/output/0123456789abcdef/a.txt',
      '<victor:output>/<victor:id-1>/a.txt',
    ],
    [`${tmpdir()}/x`, '<victor:tmp>/x'],
    [`${id} and again ${id}`, '<victor:id-1> and again <victor:id-1>'],
    [
      'Date: 2026-02-03, Tuesday\nWorking directory: /srv/work/project\nPlatform: linux\n\nmore',
      '<victor:environment>\n\nmore',
    ],
    [
      'Date: 2026-02-03, Tuesday\nWorking directory: /x\nPlatform: linux\nGit status at the beginning of this turn:\n## main\n M a.ts',
      '<victor:environment>',
    ],
  ])('%s', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it.each([
    '/srv/work/project-2/a',
    '/srv/work/project.bak',
    'x/srv/work/project',
    'took 3 s',
    '2026-02-03T10:00:00Z',
  ])('leaves %s as it is', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('takes times out of results of tools only', () => {
    const result =
      'Exit code 0, after 1.3 s.\n-rw-r--r-- 1 a b 5 Nov 28 17:47 x\n2026-02-03 10:11:12\n# duration_ms 1.5';
    expect(clean(result, true)).toBe(
      'Exit code 0, after <victor:duration>.\n-rw-r--r-- 1 a b 5 <victor:time> x\n<victor:time>\n# duration_ms <victor:duration>',
    );
    expect(clean(result)).toBe(result);
  });

  it('is put back as it is elsewhere, ids by the order in which they are seen', () => {
    const recording = new Scrubber(here);
    recording.request(`made /tmp/${id}`, true);
    const kept = recording.answer(`read /srv/work/project/a and ${id}`);
    expect(kept).toBe('read <victor:cwd>/a and <victor:id-1>');
    const playing = new Scrubber(there);
    const other = id.replace('0a1b', 'ffff');
    playing.request(`made /tmp/${other}`, true);
    expect(playing.restore(kept)).toBe(`read /other/place/a and ${other}`);
  });
});

describe('what a recording keeps of a stream', () => {
  const secret = 'correct-horse-battery-staple';
  const text = `The key ${secret} is in /srv/work/project/notes.txt, not in /srv/work/project-2.`;
  const kept = 'The key [redacted] is in <victor:cwd>/notes.txt, not in /srv/work/project-2.';
  const event = (value: unknown) => `event: x\ndata: ${JSON.stringify(value)}\n\n`;

  const streams = {
    anthropic: (piece: string) => event({ index: 0, delta: { type: 'text_delta', text: piece } }),
    openai: (piece: string) => event({ choices: [{ index: 0, delta: { content: piece } }] }),
  };
  const said = (chunks: readonly { text: string }[]) =>
    chunks
      .flatMap((chunk) => [...chunk.text.matchAll(/"(?:text|content)":"((?:[^"\\]|\\.)*)"/g)])
      .map(([, piece]) => piece)
      .join('');

  it.each(Object.entries(streams))(
    '%s: a key and a folder are found wherever the pieces are cut',
    (_name, write) => {
      holdSecrets([secret]);
      for (let cut = 1; cut < text.length; cut += 1) {
        for (const second of [cut, cut + 1, cut + 7]) {
          const pieces = [text.slice(0, cut), text.slice(cut, second), text.slice(second)];
          const bytes = Buffer.from(pieces.map(write).join(''));
          const cleaning = { scrubber: new Scrubber(here), ids: new ServerIds() };
          expect(said(cleanChunks([{ afterMs: 0, bytes }], true, cleaning)), `cut at ${cut}`).toBe(kept);
        }
      }
    },
  );

  it('is the same events wherever the network cut it, also inside a character, and byte for byte when nothing is taken out', () => {
    const stream = ['é', '漢字', '✓ done'].map(streams.anthropic).join('') + event({ type: 'ping' });
    const whole = Buffer.from(`${stream}data: [DONE]\n\n`);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((end, index) => ({
          afterMs: 0,
          bytes: whole.subarray(places[index], end),
        }));
        const cleaning = { scrubber: new Scrubber(here), ids: new ServerIds() };
        const events = cleanChunks(chunks, true, cleaning);
        expect(events).toHaveLength(5);
        expect(events.map((one) => one.text).join('')).toBe(whole.toString());
      }),
    );
  });

  it('texts of other blocks, calls and choices stay apart', () => {
    const call = (index: number, piece: string) =>
      event({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: piece } }] } }] });
    const bytes = Buffer.from(
      [
        call(0, '{"path":"/srv/work/pro'),
        call(1, '{"path":"/srv/'),
        call(0, 'ject/a"}'),
        call(1, 'elsewhere"}'),
      ].join(''),
    );
    const cleaning = { scrubber: new Scrubber(here), ids: new ServerIds() };
    const values = cleanChunks([{ afterMs: 0, bytes }], true, cleaning).map(
      (one) => JSON.parse(one.text.split('data: ')[1] as string).choices[0].delta.tool_calls[0],
    );
    const argumentsOf = (index: number) =>
      values
        .filter((one) => one.index === index)
        .map((one) => one.function.arguments)
        .join('');
    expect(argumentsOf(0)).toBe('{"path":"<victor:cwd>/a"}');
    expect(argumentsOf(1)).toBe('{"path":"/srv/elsewhere"}');
  });

  it('edits of a text in pieces are those of the whole text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 6 })),
        fc.nat(20),
        fc.nat(8),
        fc.string(),
        (pieces, start, length, by) => {
          const whole = pieces.join('');
          fc.pre(start + length <= whole.length && length > 0);
          const edits = [{ start, end: start + length, text: by }];
          const edited = editPieces(pieces, edits);
          expect(edited).toHaveLength(pieces.length);
          expect(edited.join('')).toBe(whole.slice(0, start) + by + whole.slice(start + length));
        },
      ),
    );
  });
});
