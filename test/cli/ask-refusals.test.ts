import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const call = (name: string, input: Record<string, unknown>) => ({ toolCalls: [{ name, input }] });
const done = { text: 'Done.' };

/** Runs one call and answers what stderr says of it. */
async function refused(name: string, input: Record<string, unknown>, flags: string[], settings?: object) {
  const { ask } = await scriptedModel(call(name, input), done);
  const cwd = temporaryDirectory();
  if (settings) writeFileSync(join(cwd, '.victorrc'), JSON.stringify(settings));
  const result = await ask(['go', ...flags], { cwd });
  expect(result).toMatchObject({ code: 4, stdout: 'Done.\n' });
  const lines = result.stderr.trimEnd().split('\n');
  return { progress: lines.slice(0, -1).join('\n'), advice: lines.at(-1) ?? '' };
}

describe.concurrent('victor ask: a refusal says why, and what would let the call run', () => {
  it('a read outside the workspace: --add-dir with the directory, and following it works', async () => {
    const other = temporaryDirectory();
    const path = join(other, 'note.txt');
    writeFileSync(path, 'text\n');
    const { progress, advice } = await refused('Read', { path }, []);
    expect(progress).toContain(`refused: ${path} is outside the workspace. Nobody can be asked here.`);
    expect(advice).toMatch(/^victor: 1 tool call was refused \(Read\)\./);
    expect(advice).toContain(`--add-dir ${other}.`);
    expect(advice).not.toMatch(/--allowed-tools|--permission-mode/);

    const { ask } = await scriptedModel(call('Read', { path }), done);
    expect(await ask(['go', '--add-dir', other])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/refused/),
    });
  });

  it('a file that is not there yet: the nearest directory that is', async () => {
    const other = temporaryDirectory();
    const path = join(other, 'new', 'deep', 'file.txt');
    const { advice } = await refused('Write', { path, content: 'x' }, []);
    expect(advice).toContain(`--add-dir ${other}.`);
    expect(advice).toContain('--allowed-tools Write or --permission-mode accept-edits');
  });

  it('a deny rule wins, whatever allows the tool', async () => {
    const flags = ['--disallowed-tools', 'Bash', '--allowed-tools', 'Bash'];
    const { progress, advice } = await refused('Bash', { command: 'touch made' }, flags);
    expect(progress).toContain('refused: A rule denies Bash.\n'.trim());
    expect(advice).toMatch(
      /A deny rule always wins: take Bash out of --disallowed-tools or permissions\.deny\.$/,
    );
  });

  it('a mode that refuses: another mode, since allowing the tool would not help', async () => {
    const { progress, advice } = await refused('Bash', { command: 'touch made' }, [
      '--permission-mode',
      'plan',
    ]);
    expect(progress).toContain('refused: Mode plan refuses running commands.');
    expect(advice).toMatch(/--permission-mode/);
    expect(advice).not.toContain('--allowed-tools');
  });

  it('an ask rule: out of permissions.ask', async () => {
    const settings = { permissions: { ask: ['Read'] } };
    const { advice } = await refused('Read', { path: '.victorrc' }, ['--trust'], settings);
    expect(advice).toMatch(/take Read out of permissions\.ask/);
  });

  it('a deny rule whose files may be shown: out of permissions.deny, not of permissions.ask', async () => {
    const settings = { permissions: { deny: ['Read(private/**)'] } };
    const { progress, advice } = await refused('Bash', { command: 'rg --hidden x' }, ['--trust'], settings);
    expect(progress).toContain('It may show what Read(private/**) keeps back.');
    expect(advice).toMatch(/take Read\(private\/\*\*\) out of .*permissions\.deny/);
    expect(advice).not.toContain('permissions.ask');
  });

  it('a tool of the user that does not tell what it would touch: its paths(), or yolo', async () => {
    const { ask } = await scriptedModel(call('Look', {}), done);
    const cwd = temporaryDirectory();
    writeFileSync(
      join(cwd, 'look.mjs'),
      `export const create = (_, { z }) => ({ name: 'Look', description: 'Looks.', kind: 'read', schema: z.strictObject({}),
        paths() { throw new Error('no'); }, describe: () => 'x', async execute() { return { content: 'y' }; } });`,
    );
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ tools: ['./look.mjs'] }));
    const result = await ask(['go', '--trust', '--allowed-tools', 'Look'], { cwd });
    expect(result.stderr).toContain('Nobody can tell what Look would touch.');
    expect(result.stderr).toMatch(/Mend paths\(\) of Look, or run it with --permission-mode yolo\.$/m);
  });

  it('a mode that would ask: the tool or the mode', async () => {
    const { progress, advice } = await refused('Bash', { command: 'touch made' }, []);
    expect(progress).toContain('refused: Mode ask asks before running commands. Nobody can be asked here.');
    expect(advice).toContain('--allowed-tools Bash');
  });
});

describe.concurrent('without a model', () => {
  it('tests that may not run were not run, and the answer says why in words for people', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'package.json'), '{"scripts":{"test":"echo ran"}}');
    const result = await runVictor(['ask', 'run the tests'], { cwd });
    expect(result.code).toBe(4);
    expect(result.stdout).toContain('`npm test` was not run: Mode ask asks before running commands.\n');
    expect(result.stdout).not.toMatch(/did not succeed|another way/);
    const allowed = await runVictor(['ask', 'run the tests', '--allowed-tools', 'Bash'], { cwd });
    expect(allowed).toMatchObject({ code: 0, stdout: expect.stringContaining('`npm test` succeeded') });
  });

  it('a search shows the words it looks for, and no regular expression', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.js'), 'export function saveSession() {}\n');
    const { stderr } = await runVictor(['ask', 'where is a session saved?'], { cwd });
    const searches = stderr.split('\n').filter((line) => line.startsWith('• Grep'));
    expect(searches.length).toBeGreaterThan(1);
    expect(searches[0]).toMatch(/^• Grep session, saved\b.*\(a pattern of \d+ characters\)$/);
    for (const line of searches) expect(line).not.toMatch(/\\|\(\?:/);
  });
});
