import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** A folder whose settings, and those of the user, are these; nothing in it is trusted. */
function place(project: string, user = '') {
  const cwd = realpathSync(temporaryDirectory());
  const env = { VICTOR_HOME: temporaryDirectory() };
  writeFileSync(join(cwd, '.victorrc'), project);
  writeFileSync(join(env.VICTOR_HOME, 'config.yaml'), user);
  const test = (...args: readonly string[]) => runVictor(['permissions', 'test', ...args], { cwd, env });
  return { cwd, home: env.VICTOR_HOME, test };
}

const rows = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.trim().replaceAll(/ {2,}/g, ' | '));

const holding = `permissions:
  deny: ["Bash(git push:*)", "Read(private/**)"]
  tests:
    - { command: git push origin main, expect: deny, mode: yolo }
    - { command: cat a.txt | wc -l, expect: allow }
    - { command: npm test, expect: ask }
    - { tool: Read, path: .env, expect: deny }
    - { tool: Grep, path: private/a.txt, expect: deny }
    - { tool: Write, path: .git/hooks/pre-commit, expect: ask, mode: yolo }
    - { tool: Write, path: a.txt, expect: allow, mode: accept-edits }
    - { tool: Write, path: a.txt, expect: deny, mode: plan }
    - { tool: Edit, input: { path: a.txt, oldText: a, newText: b }, expect: ask }
    - { tool: GitStatus, expect: allow }
`;

describe.concurrent('victor permissions test', () => {
  it('says of each case what is decided, by which mode and why, and exits 0 when all hold; nothing runs', async () => {
    const { cwd, test } = place(holding);
    const { code, stdout, stderr } = await test();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const file = `project ${cwd}/.victorrc`;
    const [head, ...cases] = rows(stdout);
    expect(head).toBe('case | expected | decided | mode | from | why');
    expect(cases.at(-1)).toBe('10 cases, 0 mismatches');
    expect(cases.slice(0, 6)).toEqual([
      `ok | git push origin main | deny | deny | yolo | ${file}:4 | A rule denies Bash(git push:*).`,
      expect.stringMatching(/^ok \| cat a\.txt \| wc -l \| allow \| allow \| ask \| .*:5 \| /),
      `ok | npm test | ask | ask | ask | ${file}:6 | Mode ask asks before running commands.`,
      `ok | Read .env | deny | deny | ask | ${file}:7 | ${cwd}/.env may hold secrets.`,
      `ok | Grep private/a.txt | deny | deny | ask | ${file}:8 | A rule denies Read(private/**).`,
      expect.stringMatching(
        /^ok \| Write \.git\/hooks\/pre-commit \| ask \| ask \| yolo \| .* is protected: /,
      ),
    ]);
    expect(existsSync(join(cwd, 'a.txt'))).toBe(false);
  });

  it('exits 1 when one does not hold, and shows which', async () => {
    const { test } = place(
      'permissions: { tests: [{ command: git push, expect: deny }, { command: ls, expect: allow }] }',
    );
    const { code, stdout } = await test();
    expect(code).toBe(1);
    expect(rows(stdout)).toEqual([
      expect.any(String),
      expect.stringMatching(/^MISMATCH \| git push \| deny \| ask \| ask \| .* \| Mode ask asks/),
      expect.stringMatching(/^ok \| ls \| allow \| allow \| /),
      '2 cases, 1 mismatch',
    ]);
  });

  it('--json says the same', async () => {
    const { cwd, test } = place(
      'permissions: { ask: [Write], tests: [{ tool: Write, path: x, expect: deny }] }',
    );
    const { code, stdout } = await test('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      mismatches: 1,
      cases: [
        {
          case: 'Write x',
          expect: 'deny',
          verdict: 'ask',
          reason: 'A rule asks before Write.',
          rule: 'Write',
          readable: true,
          mode: 'ask',
          holds: false,
          from: `project ${cwd}/.victorrc:1`,
        },
      ],
    });
  });

  it('tries the cases of the user and those of the project, also of one that is not trusted, on what really holds', async () => {
    // What an untrusted project allows does not count, and its case shows that.
    const project =
      'permissions: { allow: ["Bash(touch:*)"], mode: yolo, tests: [{ command: touch made, expect: allow }] }';
    const user = 'permissions: { allow: ["Bash(mkdir:*)"], tests: [{ command: mkdir made, expect: allow }] }';
    const { cwd, home, test } = place(project, user);
    const { code, stdout, stderr } = await test();
    expect(code).toBe(1);
    expect(stderr).toContain(
      'a project may only tighten what holds for you: permissions.allow, permissions.mode',
    );
    expect(rows(stdout).slice(1)).toEqual([
      `ok | mkdir made | allow | allow | ask | user ${home}/config.yaml:1 | A rule allows Bash(mkdir:*).`,
      `MISMATCH | touch made | allow | ask | ask | project ${cwd}/.victorrc:1 | Mode ask asks before running commands.`,
      '2 cases, 1 mismatch',
    ]);
    expect(existsSync(join(cwd, 'made'))).toBe(false);
    mkdirSync(join(cwd, 'sub'));
    const elsewhere = await test('-C', join(cwd, 'sub'), '--allowed-tools', 'Bash(touch:*)');
    expect(elsewhere.code).toBe(0);
  });

  it('S24: a case of a stranger cannot act on the terminal', async () => {
    const { test } = place(
      JSON.stringify({ permissions: { tests: [{ command: 'ls \u001b]0;x\u0007\u202e', expect: 'ask' }] } }),
    );
    const { code, stdout } = await test();
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('says kindly when there are no cases', async () => {
    const { test } = place('maxTurns: 3\n');
    expect(await test()).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'victor: there are no cases yet. permissions.tests in your settings holds them, such as { command: git push, expect: deny }\n',
    });
  });

  const bad: [written: string, words: RegExp][] = [
    ['{ command: ls }', /permissions\.tests\.0.*expected \{ command, expect \}/],
    ['{ command: ls, tool: Read, expect: allow }', /expected \{ command, expect \}/],
    ['{ command: ls, expect: maybe }', /expect is allow, ask or deny/],
    ['{ command: ls, expect: ask, mode: wild }', /perhaps a mode/],
    ['ls', /expected \{ command, expect \}/],
    [
      '{ tool: Raed, expect: deny }',
      /permissions\.tests\.0 of project .*\.victorrc:1: there is no tool named Raed. The tools are Read/,
    ],
    [
      '{ tool: Read, path: x, input: { offset: a }, expect: deny }',
      /Read cannot be called so: .*that is offset here/,
    ],
    ['{ tool: GitStatus, path: x, expect: deny }', /GitStatus cannot be called so/],
  ];
  it.each(bad)('C15: exits 2 for the bad case %s and tries none', async (written, words) => {
    const { test } = place(`permissions: { tests: [${written}] }`);
    const { code, stdout, stderr } = await test();
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(words) });
  });
});
