import { describe, expect, it } from 'vitest';
import { namedFolder } from '../../../src/providers/offline/named-folder.js';
import { runVictor, temporaryDirectory } from '../../helpers/run-victor.js';
import { makeWorkspace } from '../../helpers/workspace.js';
import { session } from './drive.js';
import { shopRepository } from './shop-repository.js';

describe('a folder that a request calls by a plain word', () => {
  it.each([
    ['list the files in src', 'src'],
    ['List all files in the src folder.', 'src'],
    ['show me the files under docs', 'docs'],
    ['which files are in my test directory?', 'test'],
    ['show the scripts directory', 'scripts'],
    ['print the directory named build', 'build'],
    ['ls -la src', 'src'],
    ['tree src', 'src'],
    ['ls .github', undefined],
    ['list the files in `src`', 'src'],
    ['list the files', undefined],
    ['list the files in this folder', undefined],
    ['list the files in the current directory', undefined],
    ['list everything in the repository', undefined],
    ['ls', undefined],
  ])('%s: %s', (request, name) => {
    expect(namedFolder(request)).toEqual(name === undefined ? undefined : { name, certain: true });
  });

  it.each([
    ['list src', 'src'],
    ['list the users', 'users'],
    ["what's in src?", 'src'],
  ])('it may mean something else: %s', (request, name) => {
    expect(namedFolder(request)).toEqual({ name, certain: false });
  });
});

describe('listing a folder without a model', () => {
  const shop = async () => session(await makeWorkspace(shopRepository));
  const calls = (turn: Awaited<ReturnType<Awaited<ReturnType<typeof shop>>>>) =>
    turn.calls.map(({ name, input }) => [name, input.path ?? input.pattern]);

  it.each(['list the files in src', 'list src', 'ls src', "what's in src?"])('%s', async (request) => {
    const turn = await (await shop())(request);
    expect(calls(turn)).toEqual([['List', 'src']]);
    expect(turn.answer).toContain('this is src.');
    expect(turn.answer).toContain('server.js');
  });

  it('a folder that stands further down is found by its name', async () => {
    const turn = await (await shop())('list the files in the auth folder');
    expect(calls(turn).at(-1)).toEqual(['List', 'src/auth']);
    expect(turn.answer).toContain('this is src/auth.');
    expect(turn.answer).toContain('require-login.js');
  });

  it('a folder that does not exist: said, and the working directory is shown', async () => {
    const turn = await (await shop())('list the files in nowhere');
    expect(turn.answer).toContain('there is no folder "nowhere"; this is the working directory.');
    expect(turn.answer).toContain('src/');
  });

  it('a word that is no folder is searched for', async () => {
    const turn = await (await shop())('list discounts');
    expect(turn.calls[0]).toMatchObject({ name: 'List', input: { path: 'discounts' } });
    expect(turn.answer).toContain('src/pricing/discount.js');
  });

  it('victor ask "list the files in src" lists src', async () => {
    const cwd = await makeWorkspace(shopRepository);
    const result = await runVictor(['ask', 'list the files in src'], { cwd });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('server.js') });
    expect(result.stderr).toMatch(/^• List src$/m);
    expect(result.stdout).not.toContain('package.json');
  });

  it('victor ask "list src" in an empty folder says that nothing was found', async () => {
    const result = await runVictor(['ask', 'list src'], { cwd: temporaryDirectory() });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('found nothing') });
  });
});
