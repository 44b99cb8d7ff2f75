import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookNames } from '../../src/core/hook.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { calls, place } from './places.js';

const page = readFileSync(new URL('../../docs/hooks.md', import.meta.url), 'utf8');
/** The files of the page: blocks that begin with their name. */
const files = [...page.matchAll(/^```(?:yaml|sh)\n# (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, name, text]) => [name!, text!] as const,
);
const own = files.filter(([name]) => name.startsWith('~')).map(([, text]) => text);
const done = { text: 'Done.' };

/** A folder of a user with these settings. */
async function asked(
  config: string,
  steps: Parameters<typeof scriptedModel>,
  project: readonly (readonly [string, string])[] = [],
) {
  const [home, cwd] = [temporaryDirectory(), temporaryDirectory()];
  if (config !== '') writeFileSync(join(home, 'config.yaml'), config, { mode: 0o600 });
  for (const [name, text] of project) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text, { mode: 0o755 });
  }
  const env = { VICTOR_HOME: home };
  if (project.some(([name]) => name === '.victorrc')) await runVictor(['trust'], { cwd, env });
  const model = await scriptedModel(...steps);
  const result = await model.ask(['go'], { cwd, env });
  return { ...result, model, cwd };
}

describe.concurrent('docs/hooks.md as it stands', () => {
  it('has two settings of the user and a project', () => {
    expect(files.map(([name]) => name)).toEqual([
      ...['~/.config/victor/config.yaml', '~/.config/victor/config.yaml'],
      ...['.victorrc', 'tools/tested.sh'],
    ]);
  });

  it('its first hook keeps a push back, and nothing else', async () => {
    const { model } = await asked(own[0]!, [
      calls('Bash', { command: 'git push' }),
      calls('Bash', { command: 'git status' }),
      done,
    ]);
    const [pushed, looked] = model.toolResults();
    expect(pushed).toContain('A hook refuses it: Pushing is done by hand.');
    expect(looked).not.toContain('refuse');
  });

  it('its hook for scripts allows those, and only those', async () => {
    const scripts = [['scripts/build', '#!/bin/sh\ntouch built\n']] as const;
    const built = await asked(own[1]!, [calls('Bash', { command: './scripts/build' }), done], scripts);
    expect({ code: built.code, built: existsSync(join(built.cwd, 'built')) }).toEqual({
      code: 0,
      built: true,
    });
    const other = await asked(
      own[1]!,
      [calls('Bash', { command: './scripts/build && touch other' }), done],
      scripts,
    );
    expect({ code: other.code, other: existsSync(join(other.cwd, 'other')) }).toEqual({
      code: 4,
      other: false,
    });
  });

  it('its project sends a turn on until the tests have run', async () => {
    const project = files.filter(([name]) => !name.startsWith('~'));
    const { model, code } = await asked('', [done], project);
    expect(model.lastPrompt()).toContain('Run the tests before you say that you are done.');
    expect({ code, requests: model.server.requests.length }).toEqual({ code: 0, requests: 2 });
  });

  it('its tables name each event, and of those that every answer has each field', async () => {
    const rows = (heading: string) =>
      [...page.slice(page.indexOf(heading)).matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows('## How a hook is set').slice(0, 8)).toEqual(hookNames);
    const log = 'cat >> "$VICTOR_PROJECT_DIR/log"';
    const here = place(
      {
        SessionStart: log,
        UserPromptSubmit: log,
        PreToolUse: log,
        PostToolUse: log,
        Stop: log,
        SessionEnd: log,
      },
      { permissions: { allow: ['Bash'] } },
    );
    await here.ask([calls('Bash', { command: 'touch made' }), done]);
    const told = here
      .read('log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const table = page.slice(page.indexOf('## What a hook is told'), page.indexOf('## What a hook says'));
    for (const fact of told) {
      const [, row] = new RegExp(`^\\| \`${fact.hook_event_name}\` \\| (.*) \\|$`, 'm').exec(table)!;
      const [, each] = /^\| each \| (.*) \|$/m.exec(table)!;
      const same = row!.includes('the same') ? /^\| `PreToolUse` \| (.*) \|$/m.exec(table)![1] : '';
      for (const key of Object.keys(fact)) expect(`${each} ${row} ${same}`).toContain(`\`${key}\``);
    }
  });
});
