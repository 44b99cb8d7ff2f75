import type { EvaluationCase } from '../core/evaluation.js';
import type { Message } from '../core/message.js';

/** A tool, its input, what it answered, and whether it failed. */
type Step = readonly [name: string, input: Readonly<Record<string, string>>, output: string, failed?: true];

interface Round {
  readonly asked: string;
  readonly steps: readonly Step[];
  readonly answer: string;
}

const read = (path: string, output: string): Step => ['Read', { path }, output];
const edit = (path: string, output = '1 edit applied'): Step => ['Edit', { path }, output];
const run = (command: string, output: string, failed?: true): Step =>
  failed ? ['Bash', { command }, output, failed] : ['Bash', { command }, output];

const rounds: readonly Round[] = [
  {
    asked:
      'This service sends our newsletters. Never send anything to a real address from a test: only example.org may be used.',
    steps: [
      ['List', { path: '.' }, 'package.json README.md src migrations test scripts docs'],
      read(
        'README.md',
        'Newsletter: composes issues, queues them, sends through SMTP, records bounces. Run npm test before a push. Node 20, PostgreSQL 15.',
      ),
    ],
    answer:
      'Understood. It composes issues, queues them, sends through SMTP and records bounces; tests use example.org alone.',
  },
  {
    asked: 'Some readers got the issue of May twice. Find out how.',
    steps: [
      [
        'Grep',
        { pattern: 'claimNext', path: 'src' },
        'src/queue.ts:41 export async function claimNext(client)\nsrc/worker.ts:18 const job = await claimNext(client)',
      ],
      read(
        'src/queue.ts',
        'export async function claimNext(client) {\n  const { rows } = await client.query("SELECT id FROM jobs WHERE state = \'waiting\' ORDER BY id LIMIT 1");\n  if (rows.length === 0) return undefined;\n  await client.query("UPDATE jobs SET state = \'sending\' WHERE id = $1", [rows[0].id]);\n  return rows[0];\n}',
      ),
    ],
    answer:
      'Two workers can select the same waiting job before either marks it as sending: there is no lock between the SELECT and the UPDATE in claimNext.',
  },
  {
    asked: 'Fix it in the database, with one statement. Do not add a dependency for it.',
    steps: [
      edit('src/queue.ts'),
      run(
        'npm test -- queue',
        'Test files 1 passed. Tests 7 passed (7). two workers never claim one job: ok',
      ),
    ],
    answer:
      'claimNext is one UPDATE … FOR UPDATE SKIP LOCKED … RETURNING now; two workers never claim one job.',
  },
  {
    asked: 'What about the readers who got it twice already? We should apologise only once.',
    steps: [
      run(
        'psql -c "select count(*) from sends where issue = 205 group by reader having count(*) > 1"',
        '318 rows',
      ),
    ],
    answer:
      '318 readers got issue 205 twice. A list of them is in the table sends; an apology can go to these alone.',
  },
  {
    asked: 'Write the apology as a template, in plain words, at most 80 words.',
    steps: [['Write', { path: 'templates/apology.md' }, 'Created templates/apology.md, 61 words']],
    answer: 'templates/apology.md has 61 words. It is not sent yet: sending waits for your word.',
  },
  {
    asked: 'Good. Now the unsubscribe page: people say that the link is dead after a day.',
    steps: [
      [
        'Grep',
        { pattern: 'unsubscribe', path: 'src' },
        'src/links.ts:9 export function unsubscribeLink(reader, issue)\nsrc/routes/unsubscribe.ts:3 router.get("/unsubscribe/:token"',
      ],
      read(
        'src/links.ts',
        'const LIFETIME = 24 * 60 * 60 * 1000;\nexport function unsubscribeLink(reader, issue) {\n  const expires = Date.now() + LIFETIME;\n  return sign({ reader: reader.id, issue: issue.id, expires });\n}',
      ),
    ],
    answer:
      'The token of the link is signed with an expiry of 24 hours, in src/links.ts. Old issues therefore have dead links.',
  },
  {
    asked: 'By law the link must work for as long as the mail exists, and one click has to be enough.',
    steps: [
      edit('src/links.ts'),
      read(
        'src/routes/unsubscribe.ts',
        'router.get("/unsubscribe/:token", requireLogin, async (request, response) => {\n  const { reader } = verify(request.params.token);\n  await unsubscribe(reader);\n  response.render("unsubscribed");\n});',
      ),
      edit('src/routes/unsubscribe.ts'),
    ],
    answer:
      'Links no longer expire, and the page asks for no login. POST with List-Unsubscribe is still to do: mail programs call it for the reader.',
  },
  {
    asked: 'Run everything.',
    steps: [
      run(
        'npm test',
        'Test files 1 failed, 22 passed. Tests 2 failed, 164 passed. FAIL test/links.test.ts: "a link of yesterday is refused" expected 410 to be 200. FAIL test/links.test.ts: "a link asks for a login" expected 302 to be 200',
        true,
      ),
    ],
    answer:
      'Two tests of test/links.test.ts still say what the law forbids: they expect the link of yesterday to be refused, and a login.',
  },
  {
    asked: 'Change these two, and say in each why it is as it is.',
    steps: [
      edit('test/links.test.ts', '2 edits applied'),
      run('npm test', 'Test files 23 passed. Tests 166 passed.'),
    ],
    answer: 'Both say now why: the law asks for a link that lasts and needs no login. 166 tests pass.',
  },
  {
    asked: 'Next: sending takes four hours. Where does the time go?',
    steps: [
      run(
        'node --prof scripts/send-dry-run.js',
        `Statistical profile, 4,120 ticks.\n${'render 38 % · dkim 31 % · smtp wait 24 % · sql 7 %\n'.repeat(6)}`,
      ),
      read(
        'src/render.ts',
        `export async function render(issue, reader) {\n  const template = await compile(await readFile(issue.template));\n  return template({ reader, issue });\n}\n// ${'helpers for dates, links and pictures follow. '.repeat(12)}`,
      ),
    ],
    answer:
      'render compiles the template anew for every reader (38 %), and each mail is signed on the main thread (31 %).',
  },
  {
    asked: 'Compile once for each issue. Keep the memory of a worker under 200 MB.',
    steps: [edit('src/render.ts'), run('node scripts/memory.js', 'peak 143 MB after 20,000 mails')],
    answer: 'Templates are compiled once an issue and dropped when it is done; a worker peaks at 143 MB.',
  },
  {
    asked: 'And signing?',
    steps: [
      read('src/sign.ts', 'export const sign = (mail) => dkim.sign(mail, key);'),
      ['Write', { path: 'src/sign-worker.ts' }, 'Created src/sign-worker.ts'],
      edit('src/sign.ts'),
      run('npm test -- sign', 'Tests 9 passed (9)'),
    ],
    answer: 'Two threads sign now. In the dry run 100,000 mails take 71 minutes instead of four hours.',
  },
  {
    asked: 'Can we see bounces by domain? Support asks every week.',
    steps: [
      read(
        'src/bounces.ts',
        `export async function recordBounce(report) {\n  // ${'Parses delivery status notifications: hard and soft, by enhanced status code. '.repeat(10)}\n}`,
      ),
      ['Write', { path: 'src/routes/bounces.ts' }, 'Created src/routes/bounces.ts'],
      [
        'Write',
        { path: 'migrations/031_bounces_by_domain.sql' },
        'Created migrations/031_bounces_by_domain.sql',
      ],
    ],
    answer:
      'There is a page of bounces by domain, behind a view. - [ ] show soft bounces apart from hard ones',
  },
  {
    asked: 'The view must not slow down sending; leave the table bounces itself alone.',
    steps: [
      run(
        'psql -f migrations/031_bounces_by_domain.sql',
        'ERROR: permission denied for schema reporting',
        true,
      ),
    ],
    answer:
      'The migration fails: the role of the service may not create in the schema reporting. It needs a grant from whoever runs the database.',
  },
  {
    asked: 'I asked them. Meanwhile document how to send a test issue.',
    steps: [
      ['Write', { path: 'docs/test-issue.md' }, 'Created docs/test-issue.md'],
      run('npm run lint', 'no problems'),
    ],
    answer:
      'docs/test-issue.md has the five steps. They use addresses of example.org only, as you said at the beginning.',
  },
  {
    asked: 'Also a badge for the build in the README, small.',
    steps: [edit('README.md')],
    answer: 'The badge stands beside the title.',
  },
  {
    asked: 'How long did the dry run take before and after, in one sentence for the release notes?',
    steps: [],
    answer:
      'Sending 100,000 mails took four hours and takes 71 minutes now, because templates are compiled once and mails are signed by two threads.',
  },
  {
    asked:
      'Before we release: which readers get the apology for the issue that came twice, and is the link in it one that lasts?',
    steps: [],
    answer: 'I look both up.',
  },
];

/** A made-up session of 98 messages: constraints, files, open items, and a last question about its beginning. */
export function sampleCase(): EvaluationCase & { readonly title: string } {
  const messages = rounds.flatMap(({ asked, steps, answer }, round): Message[] => {
    const id = (part: string) => `sample-${round + 1}-${part}`;
    const calls = steps.map(([name, input], step) => ({ id: id(`call-${step + 1}`), name, input }));
    return [
      { id: id('asked'), role: 'user', content: asked },
      ...steps.flatMap(([name, , output, failed], step): Message[] => [
        { id: id(`step-${step + 1}`), role: 'assistant', content: '', toolCalls: [calls[step]!] },
        {
          id: id(`result-${step + 1}`),
          role: 'tool',
          content: output,
          toolCallId: calls[step]!.id,
          toolName: name,
          ...(failed ? { isError: failed } : {}),
        },
      ]),
      { id: id('answer'), role: 'assistant', content: answer },
    ];
  });
  return {
    sessionId: 'sample',
    title: 'Newsletters that came twice',
    messages,
    facts: [
      '318 readers got issue 205 twice',
      'Links no longer expire',
      'FOR UPDATE SKIP LOCKED',
      '71 minutes',
      'permission denied for schema reporting',
    ],
  };
}
