import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../src/core/coordinator.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

/** A workspace in a folder of its own, with one beside it. */
function place() {
  const base = realpathSync(temporaryDirectory());
  const [cwd, outside] = [join(base, 'work'), join(base, 'outside')];
  for (const folder of [cwd, outside]) mkdirSync(folder);
  writeFileSync(join(cwd, 'a.txt'), 'of the workspace\n');
  return { base, cwd, outside };
}

/** A session in it that makes one call a turn, with nobody to ask. */
async function session(cwd: string, mode: Mode) {
  const calls: [string, Record<string, unknown>][] = [];
  const script = () => {
    const next = calls.shift();
    return next ? toolCall(...next) : { text: 'done' };
  };
  const { orchestrator } = await scriptedOrchestrator(script, { cwd, settings: { permissions: { mode } } });
  return async (name: string, input: Record<string, unknown>) => {
    calls.push([name, input]);
    const events = await collect(orchestrator.stream('go'));
    return {
      verdict: ofType(events, 'tool-decision')[0]!.decision.verdict,
      result: ofType(events, 'tool-result')[0]!.result,
    };
  };
}

describe('paths that are not what they seem', () => {
  it('P06: a new file below a link to a folder outside is not written', async () => {
    const { cwd, outside } = place();
    symlinkSync(outside, join(cwd, 'linked'));
    const call = await session(cwd, 'accept-edits');
    for (const path of ['linked/new.txt', 'linked/deep/new.txt']) {
      const { verdict, result } = await call('Write', { path, content: 'x' });
      expect(verdict).toBe('ask');
      expect(result.content).toContain('is outside the workspace');
    }
    expect(readdirSync(outside)).toEqual([]);
  });

  it('P11: in a workspace that is itself a link, what lies in it is inside', async () => {
    const { base, cwd } = place();
    symlinkSync(cwd, join(base, 'link'));
    const call = await session(join(base, 'link'), 'accept-edits');
    for (const path of ['a.txt', join(base, 'link', 'a.txt'), join(cwd, 'a.txt')]) {
      const { verdict, result } = await call('Read', { path });
      expect({ verdict, content: result.content }).toEqual({
        verdict: 'allow',
        content: '1\tof the workspace',
      });
    }
    expect((await call('Write', { path: 'new.txt', content: 'x' })).verdict).toBe('allow');
    expect(readFileSync(join(cwd, 'new.txt'), 'utf8')).toBe('x');
    expect((await call('Read', { path: join(base, 'outside') })).verdict).toBe('ask');
  });

  it('P11: a workspace that is a link leads where it led, whatever the link becomes', async () => {
    const { base, cwd, outside } = place();
    const link = join(base, 'link');
    symlinkSync(cwd, link);
    const call = await session(link, 'accept-edits');
    await call('Read', { path: 'a.txt' });
    rmSync(link);
    symlinkSync(outside, link);
    const { verdict } = await call('Write', { path: 'new.txt', content: 'x' });
    expect(verdict).toBe('ask');
    expect(readdirSync(outside)).toEqual([]);
  });

  it('P21: a working directory that the model chooses for a command is refused, and the sandbox writes nothing there', async () => {
    const { cwd, outside } = place();
    const call = await session(cwd, 'yolo');
    for (const name of ['cwd', 'workdir', 'directory']) {
      const { result } = await call('Bash', { command: 'touch ran', [name]: outside });
      expect(result).toMatchObject({ isError: true, content: expect.stringContaining(name) });
    }
    expect([...readdirSync(cwd), ...readdirSync(outside)]).toEqual(['a.txt']);
    const asking = await session(cwd, 'accept-edits');
    expect((await asking('Bash', { command: `cd ${outside} && ls` })).verdict).toBe('ask');
  });
});

describe('P22: a workspace that goes away while Victor runs', () => {
  it('P22: one that was deleted is said to be gone, and nothing makes it anew', async () => {
    const { cwd } = place();
    const call = await session(cwd, 'accept-edits');
    expect((await call('Read', { path: 'a.txt' })).verdict).toBe('allow');
    rmSync(cwd, { recursive: true });
    for (const [name, input] of [
      ['Read', { path: 'a.txt' }],
      ['Write', { path: 'new.txt', content: 'x' }],
      ['Edit', { path: 'a.txt', oldText: 'of', newText: 'in' }],
    ] as const) {
      const { verdict, result } = await call(name, input);
      expect(verdict).toBe('ask');
      expect(result.content).toContain(`${cwd} is no longer the folder that this session began in`);
    }
    expect(existsSync(cwd)).toBe(false);
  });

  it.each([
    [
      'by another folder',
      ({ cwd, base }: { cwd: string; base: string }) => {
        renameSync(cwd, join(base, 'moved'));
        mkdirSync(cwd);
      },
    ],
    [
      'by a folder that was made after it was deleted',
      ({ cwd }: { cwd: string }) => {
        rmSync(cwd, { recursive: true });
        mkdirSync(cwd);
      },
    ],
    [
      'by a link',
      ({ cwd, base, outside }: { cwd: string; base: string; outside: string }) => {
        renameSync(cwd, join(base, 'moved'));
        symlinkSync(outside, cwd);
      },
    ],
  ])('P22: one that was replaced %s is not written to and not read, in accept-edits', async (_, replace) => {
    const where = place();
    const call = await session(where.cwd, 'accept-edits');
    expect((await call('Write', { path: 'first.txt', content: 'x' })).verdict).toBe('allow');
    replace(where);
    writeFileSync(join(where.cwd, 'b.txt'), 'of somebody else\n');
    for (const [name, input] of [
      ['Write', { path: 'new.txt', content: 'x' }],
      ['Read', { path: 'b.txt' }],
      ['Bash', { command: 'cat b.txt' }],
    ] as const) {
      const { verdict, result } = await call(name, input);
      expect(verdict, name).toBe('ask');
      expect(result.content, name).not.toContain('of somebody else');
    }
    expect(readdirSync(where.cwd)).toEqual(['b.txt']);
  });
});
