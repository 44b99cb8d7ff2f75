import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

/** What one `victor ask` in a trusted folder with this `.victorrc` sends: the cached system prompt, and the note. */
async function askedWith(settings: string, flags: readonly string[] = [], prepare = (_cwd: string) => {}) {
  const model = await scriptedModel();
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, '.victorrc'), settings);
  writeFileSync(join(cwd, 'AGENTS.md'), 'Use tabs.');
  prepare(cwd);
  const { code, stderr } = await model.ask(['--trust', ...flags, 'hello'], { cwd });
  expect({ code, stderr: stderr.replace(/^victor: .*\n/gm, '') }).toMatchObject({ code: 0 });
  const { system, messages } = model.lastBody();
  const blocks = messages[0]!.content as readonly { text: string; cache_control?: unknown }[];
  expect(blocks[0]).toMatchObject({ text: 'hello', cache_control: { type: 'ephemeral' } });
  return { system: (system as { text: string }[])[0]!.text, note: blocks[1]?.text ?? '' };
}

describe.concurrent('a line of .victorrc', () => {
  it('without one there are base, the files of the project, and behind the prompt the mode and the date', async () => {
    const { system, note } = await askedWith('{}');
    expect(system).toMatch(/^You are Victor[\s\S]*Use tabs\.$/);
    expect(note).toMatch(/^\[Note by Victor[^\n]*\]\nMode ask: [^\n]*\n\nDate: \d{4}-/);
    expect(note).not.toContain('Git');
  });

  it('contributors: [base] is the base prompt alone', async () => {
    const { system, note } = await askedWith('contributors: [base]\n');
    expect(system).toMatch(/^You are Victor[\s\S]*could not verify\.$/);
    expect(note).toBe('');
  });

  it('contributors: [project-files] adds what AGENTS.md says', async () => {
    expect((await askedWith('contributors: [project-files]\n')).system).toContain('Use tabs.');
  });

  it('contributors: [mode] says what the mode of this run allows, behind what is cached', async () => {
    const { system, note } = await askedWith('contributors: [mode]\n', ['--permission-mode', 'plan']);
    expect(note).toContain('Mode plan: Only reading runs; edits and commands are refused.');
    expect(system).not.toContain('Mode plan');
  });

  it('contributors: [compliance] adds the requirements where the context of the prompt demands them', async () => {
    const line = 'contributors: [[compliance, { region: eu }]]\n';
    const { system } = await askedWith(`${line}prompt: { context: { requires_compliance: true } }\n`);
    expect(system).toMatch(/\n\n## Compliance Requirements\n.*\(GDPR, ePrivacy Directive\)\n/);
    expect((await askedWith(line)).system).not.toContain('Compliance');
  });

  it('contributors: [code-style] adds the guidelines for a task of code generation', async () => {
    const line = 'contributors: [[code-style, { indentation: 4 spaces }]]\n';
    const { system } = await askedWith(`${line}prompt: { context: { task: code_generation } }\n`);
    expect(system).toMatch(/\n\n## Code Style Guidelines\n- Use 4 spaces for indentation$/);
    expect((await askedWith(line)).system).not.toContain('Code Style');
  });

  it('contributors: [language] asks for an answer in the language of the prompt context', async () => {
    const { system } = await askedWith(
      'contributors: [[language, { language: de }]]\nprompt: { context: { language: es } }\n',
    );
    expect(system).toMatch(/\n\nLanguage: Responde en español\.$/);
  });

  it('contributors: [environment] says branch and changed files, behind what is cached', async () => {
    const { system, note } = await askedWith('contributors: [environment]\n', [], (cwd) =>
      execFileSync('git', ['init', '-q', '-b', 'trunk'], { cwd }),
    );
    expect(note).toMatch(
      /\nDate: .*\nWorking directory: .*\nPlatform: .*\nGit status .*\n## .*trunk\n\?\? .victorrc\n/,
    );
    expect(system).not.toContain('trunk');
  });
});
