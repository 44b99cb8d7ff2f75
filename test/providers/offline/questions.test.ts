import { describe, expect, test } from 'vitest';
import { makeWorkspace } from '../../helpers/workspace.js';
import { cacheRepository } from './cache-repository.js';
import { crawlerRepository } from './crawler-repository.js';
import { citations, session } from './drive.js';
import { shopRepository } from './shop-repository.js';

/** A question, the file that answers it, a text on the line that does, and the rank it must reach (1 when absent). */
type Case = readonly [question: string, path: string, text: string, rank?: number];

const questions: Readonly<
  Record<string, { files: Readonly<Record<string, string>>; cases: readonly Case[] }>
> = {
  'a shop in JavaScript': {
    files: shopRepository,
    cases: [
      ['where are sessions stored and in which table?', 'src/database.js', 'login_sessions'],
      ['where is the discount decided?', 'src/pricing/discount.js', 'function discountFor'],
      ['Which port does the server listen on?', 'src/settings.js', 'port:', 2],
      ['how are passwords hashed?', 'src/auth/password.js', 'function hashPassword'],
      ['where is the quantity of an item validated?', 'src/routes/cart.js', 'Number.isInteger(quantity)', 2],
      ['where is the tax rate of a country?', 'src/pricing/tax.js', 'const rates'],
      ['how often is sending a mail retried?', 'src/mail/send-mail.js', 'MAX_ATTEMPTS'],
    ],
  },
  'a crawler in Python': {
    files: crawlerRepository,
    cases: [
      ['where is the maximum depth of links checked?', 'crawler/frontier.py', 'depth > self.max_depth', 3],
      ['where does it wait between requests to the same host?', 'crawler/politeness.py', 'wait_for_turn'],
      ['where are robots rules checked?', 'crawler/robots.py', 'is_allowed'],
      ['which user agent is sent?', 'crawler/settings.py', 'user_agent'],
      ['where are results written?', 'crawler/writer.py', 'class ResultWriter'],
      ['how are links extracted from a page?', 'crawler/links.py', 'def extract_links'],
      ['where are the command line arguments parsed?', 'crawler/__main__.py', 'parse_args'],
    ],
  },
  'a cache server in Go': {
    files: cacheRepository,
    cases: [
      [
        'where are entries evicted when memory is full?',
        'internal/store/store.go',
        'func (s *Store) evict',
        2,
      ],
      ['how is it decided that an entry has expired?', 'internal/store/entry.go', 'expired(now'],
      ['where is the maximum number of connections?', 'internal/server/server.go', 'maxConnections'],
      ['where are snapshots saved?', 'internal/store/snapshot.go', 'SaveSnapshot'],
      ['what happens with an unknown command?', 'internal/server/command.go', 'unknown command'],
    ],
  },
};

describe.each(Object.entries(questions))('questions about %s', (_, { files, cases }) => {
  test.each(cases.map((one) => ({ question: one[0], one })))('$question', async ({ one }) => {
    const [question, path, text, rank = 1] = one;
    const ask = session(await makeWorkspace(files));
    const { answer, calls, rounds } = await ask(question);
    const places = citations(answer);
    const wanted = (files[path] ?? '')
      .split('\n')
      .flatMap((line, index) => (line.includes(text) ? [index + 1] : []));

    expect(places.slice(0, rank).map((place) => place.path)).toContain(path);
    const distances = places
      .filter((place) => place.path === path)
      .flatMap((place) => wanted.map((line) => Math.abs(line - place.line)));
    expect(Math.min(...distances)).toBeLessThanOrEqual(8);
    expect(answer).toContain('No model is configured: these are the most relevant places found by search.');
    expect(answer).toContain('ANTHROPIC_API_KEY');
    expect(calls.length).toBeLessThanOrEqual(9);
    expect(rounds).toBeLessThanOrEqual(3);
  });
});
