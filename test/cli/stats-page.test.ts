import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Chromium, chromiumAvailable, type DrawnPage, startChromium } from '../helpers/chromium.js';
import { counted, daysAgo, storeCounted } from '../helpers/counted-events.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** US dollars of each day, oldest first; `null` is a day whose price nobody knows, 0 one without a call. */
const costs = [1, ...Array<number>(18).fill(0), 4, 0, 2, null, 8, 0.5];
const tokens = (day: number) => [100 * day, 10 * day, 700 * day, 50 * day] as const;
const tools = { Read: [10, 20, 30, 400], Bash: [200, 200, 200, 200] };

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const colours = {
  light: { back: '#ffffff', series: ['#0969da', '#bc4c00', '#1a7f37', '#8250df'] },
  dark: { back: '#0d1117', series: ['#4493f8', '#f0883e', '#3fb950', '#ab7df8'] },
};

const home = temporaryDirectory();
const page = join(home, 'out.html');
let server: Server;
let asked = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  const address = await new Promise<string>((resolve) => {
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  const hostile = `"><img src="${address}/i.png"><script src="${address}/s.js"></script><style>@import url(${address}/c.css);</style>`;
  const events = costs.flatMap((cost, index) => {
    const ago = costs.length - 1 - index;
    return cost === 0 ? [] : [counted(daysAgo(ago), index % 2 ? 'first' : 'second', cost, tokens(index + 1))];
  });
  const calls = Object.entries(tools).flatMap(([tool, times]) =>
    times.map((durationMs) => ({
      type: 'tool_result',
      data: { tool, isError: false, denied: false, durationMs },
      timestamp: daysAgo(1),
    })),
  );
  await storeCounted(home, [
    { id: 'one', cwd: `/work/${hostile}`, title: hostile, events: [...events, ...calls] },
    { id: 'two', cwd: '/work/two', title: 'Quiet', events: [counted(daysAgo(0), hostile, null)] },
  ]);
});

afterAll(() => server.close());

const write = (file = page) =>
  runVictor(['stats', '--html', file, '--days', '30'], { env: { VICTOR_HOME: home } });

describe('victor stats --html', () => {
  it('writes a page for its user alone, again over itself, and never over anything else', async () => {
    for (const _ of [1, 2]) {
      expect(await write()).toMatchObject({ code: 0, stdout: '', stderr: `victor: wrote ${page}\n` });
    }
    expect(statSync(page).mode & 0o777).toBe(0o600);
    const theirs = join(home, 'theirs.html');
    writeFileSync(theirs, '<p>mine</p>');
    const { code, stderr } = await write(theirs);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^victor: .*theirs\.html exists already, and is no page of victor stats\. .*--html/,
    );
    expect(readFileSync(theirs, 'utf8')).toBe('<p>mine</p>');
    expect((await write(home)).code).toBe(2);
  });

  it('has no script and nothing to fetch, whatever a session or a model is called', () => {
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('&quot;&gt;&lt;img src=&quot;http://127.0.0.1');
    expect(text).not.toMatch(/<(script|img|link|iframe|object|embed|audio|video|use|image|foreignObject)\b/i);
    expect(text).not.toMatch(/\s(on[a-z]+|href|src|style)\s*=\s*"/i);
    const [, style] = /<style>([^<]*)<\/style>/.exec(text) ?? [];
    expect(style).toContain('prefers-color-scheme: dark');
    expect(style).not.toMatch(/@import|url\(/);
  });

  it('an empty history is a page that says so', async () => {
    const empty = temporaryDirectory();
    const file = join(empty, 'out.html');
    const { code } = await runVictor(['stats', '--html', file], { env: { VICTOR_HOME: empty } });
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('<p>Nothing was counted.</p>');
  });
});

describe.skipIf(!chromiumAvailable)('the page in Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    await write();
    chromium = await startChromium();
  });
  afterAll(() => chromium.stop());

  const boxes = (drawn: DrawnPage, selector: string) =>
    drawn.evaluate<Box[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return { x, y, width, height };
    })`);
  const chart = (title: string) => `svg[aria-label="${title}"]`;
  const middle = ({ x, y, width, height }: Box): [number, number] => [x + width / 2, y + height / 2];

  it.each(['light', 'dark'] as const)('draws what was counted, in %s', async (scheme) => {
    const drawn = await chromium.open(page, { scheme, width: 1_000 });
    const { picture } = drawn;
    const { back, series } = colours[scheme];
    expect(picture.colour(2, 2)).toBe(back);

    // A column a day as high as the day was dear, and drawn from its foot to its top, not above.
    const columns = await boxes(drawn, `${chart('US dollars by day')} rect.s0`);
    const known = costs.filter((cost) => cost !== null && cost > 0) as number[];
    expect(columns).toHaveLength(known.length);
    const highest = Math.max(...columns.map(({ height }) => height));
    expect(highest).toBeGreaterThan(100);
    // Every column stands on the axis, and ends where the axis says what the day cost.
    const axis = await drawn.evaluate<{ y: number; dollars: number }[]>(`
      [...document.querySelectorAll(${JSON.stringify(`${chart('US dollars by day')} .grid`)})].map((line) => ({
        y: line.getBoundingClientRect().y,
        dollars: Number(line.nextElementSibling.textContent.replace('$', '')),
      }))`);
    expect(axis.map(({ dollars }) => dollars)).toEqual([0, 4, 8]);
    const [foot, , top] = axis.map(({ y }) => y);
    columns.forEach((box, index) => {
      expect(Math.abs(box.y + box.height - foot!)).toBeLessThan(1);
      expect(Math.abs(box.y - (foot! + ((top! - foot!) * known[index]!) / 8))).toBeLessThan(1);
      expect(box.height / highest).toBeCloseTo(known[index]! / 8, 1);
      expect(picture.colour(...middle(box))).toBe(series[0]);
      expect(picture.colour(box.x + box.width / 2, box.y + box.height - 2)).toBe(series[0]);
      if (box.height < highest) expect(picture.colour(box.x + box.width / 2, box.y - 4)).toBe(back);
    });
    // The day that nobody knows the price of is hollow, and is no zero.
    const [unknown, ...others] = await boxes(drawn, `${chart('US dollars by day')} rect.unknown`);
    expect(others).toEqual([]);
    expect(picture.colour(...middle(unknown!))).toBe(back);
    const edge = [-1, 0, 1].map((by) => picture.colour(unknown!.x + by, unknown!.y + unknown!.height / 2));
    expect(edge.some((colour) => colour !== back)).toBe(true);

    // The tiers of a day stand on each other.
    const tiers = await Promise.all(
      series.map((_, tier) => boxes(drawn, `${chart('Tokens by day')} rect.s${tier}`)),
    );
    tiers.forEach((all, tier) => {
      const box = all.at(-2)!;
      if (box.height > 3) expect(picture.colour(...middle(box))).toBe(series[tier]);
    });
    const [input, , read] = tiers.map((all) => all.at(-2)!);
    expect(read!.height / input!.height).toBeCloseTo(7, 0);
    expect(read!.y + read!.height).toBeLessThanOrEqual(input!.y + 1);

    // A tool's bar is as long as 95 of 100 calls took, its first part as long as half of them.
    const [half] = await boxes(drawn, `${chart('Milliseconds by tool')} rect.s0`);
    const [most] = await boxes(drawn, `${chart('Milliseconds by tool')} rect.s1`);
    expect(picture.colour(...middle(half!))).toBe(series[0]);
    expect(picture.colour(...middle(most!))).toBe(series[1]);

    expect(drawn.requests).toEqual([pathToFileURL(page).href]);
    expect(drawn.complaints).toEqual([]);
    expect(asked).toBe(0);
  });

  it.each([1_000, 400])('no word runs into another or out of the page, %i pixels wide', async (width) => {
    const drawn = await chromium.open(page, { scheme: 'light', width });
    expect(await drawn.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const charts = await drawn.evaluate<Box[][]>(`[...document.querySelectorAll('svg')].map((svg) =>
      [svg, ...svg.querySelectorAll('text')].map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return { x, y, width, height };
      }))`);
    expect(charts.length).toBeGreaterThanOrEqual(7);
    for (const [svg, ...texts] of charts) {
      texts.forEach((text, index) => {
        expect(text.x).toBeGreaterThanOrEqual(svg!.x - 1);
        expect(text.x + text.width).toBeLessThanOrEqual(svg!.x + svg!.width + 1);
        const over = texts.slice(index + 1).filter((other) => overlap(text, other));
        expect(over, JSON.stringify(text)).toEqual([]);
      });
    }
  });

  it('every word can be read: there is ink in its place', async () => {
    const { picture, ...drawn } = await chromium.open(page, { scheme: 'dark', width: 1_000 });
    const words = await boxes({ picture, ...drawn }, 'h1, h2, .sum, svg text, td, th');
    const blank = words.filter(({ x, y, width, height }) => {
      for (let down = 1; down < height - 1; down += 1) {
        for (let across = 1; across < width - 1; across += 1) {
          if (picture.colour(x + across, y + down) !== colours.dark.back) return false;
        }
      }
      return width > 3;
    });
    expect(words.length).toBeGreaterThan(30);
    expect(blank).toEqual([]);
  });
});

function overlap(a: Box, b: Box): boolean {
  // Boxes of text have air above and below.
  const air = 2;
  return (
    a.x < b.x + b.width &&
    b.x < a.x + a.width &&
    a.y + air < b.y + b.height - air &&
    b.y + air < a.y + a.height - air
  );
}
