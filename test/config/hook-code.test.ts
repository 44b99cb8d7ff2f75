import { chmodSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { hookCode, hookFiles } from '../../src/config/hook-code.js';
import { makeWorkspace, writeFiles } from '../helpers/workspace.js';

it.each([
  ['./check.sh --fast', 'check.sh'],
  ['sh check.sh;true', 'check.sh'],
  ['"$VICTOR_PROJECT_DIR"/check.sh', 'check.sh'],
  [`\${VICTOR_PROJECT_DIR}/check.sh`, 'check.sh'],
  ['"$VICTOR_PROJECT_DIR/my tools/check.sh" x', 'my tools/check.sh'],
  ['my\\ tools/check.sh', 'my tools/check.sh'],
  ['node -e \'import("./check.mjs")\'', 'check.mjs'],
  ['cat input | (cd tools && ./check.sh)', 'tools/check.sh'],
  ["cd 'my tools'; ./check.sh", 'my tools/check.sh'],
  ['CHECK=check.sh sh -c "sh $CHECK"', 'check.sh'],
])('%s is another program when %s changes', async (command, file) => {
  const folder = await makeWorkspace({ [file]: 'one', 'other.sh': 'one' });
  const before = hookCode(command, folder);
  await writeFiles(folder, { 'other.sh': 'two' });
  expect(hookCode(command, folder)).toEqual(before);
  await writeFiles(folder, { [file]: 'two' });
  expect(hookCode(command, folder)).not.toEqual(before);
});

it.each([
  ['sh tools/tested.sh', 'tools/tested.sh', '. "./tools/lib.sh"', 'tools/lib.sh'],
  ['sh tools/tested.sh', 'tools/tested.sh', 'source "$(dirname "$0")/lib"', 'tools/lib'],
  ['sh tools/tested.sh', 'tools/tested.sh', '. "$' + '{0%/*}/lib.sh" || exit 2', 'tools/lib.sh'],
  ['sh tools/tested.sh', 'tools/tested.sh', 'cd tools\nbash -eu more/lib', 'tools/more/lib'],
  ['cd tools && ./tested', 'tools/tested', 'exec node ./lib.mjs', 'tools/lib.mjs'],
  ['python3 tools/tested.py', 'tools/tested.py', 'from lib.more import all', 'tools/lib/more.py'],
  ['sh tested.sh', 'tested.sh', '# Windows\r\n. ./lib.sh\r\n', 'lib.sh'],
])('%s, whose %s says %s, is another program when %s changes', async (command, script, text, file) => {
  const second = { 'second.sh': 'one' };
  const folder = await makeWorkspace({ [script]: text, [file]: 'one', 'data.txt': 'one', ...second });
  const before = hookCode(command, folder);
  expect(hookFiles(command, folder)).toEqual(
    expect.arrayContaining([script, file].map((name) => join(realpathSync(folder), name))),
  );
  await writeFiles(folder, { 'second.sh': 'two', 'data.txt': 'two' });
  expect(hookCode(command, folder)).toEqual(before);
  await writeFiles(folder, { [file]: 'two' });
  expect(hookCode(command, folder)).not.toEqual(before);
});

it('scripts are followed through scripts, in a circle too, and what they only read is not', async () => {
  const folder = await makeWorkspace({
    'a.sh': 'if true; then . ./b.sh; fi; test -e done.txt || npx vitest run test/a.test.ts',
    'b.sh': 'sh c.sh > done.txt 2>&1; find . -name done.txt',
    'c.sh': '. ./a.sh; cat "done.txt"',
    ...{ 'done.txt': 'x', 'test/a.test.ts': 'x' },
  });
  const names = hookFiles('sh a.sh', folder).map((path) => relative(realpathSync(folder), path));
  expect(names.sort()).toEqual(['a.sh', 'b.sh', 'c.sh']);
});

it('a text that may be run is followed under any name, and a program that is built is not', async () => {
  const folder = await makeWorkspace({
    'a.sh': './check && ./built',
    check: 'true',
    built: 'a\0b',
    other: '',
  });
  for (const name of ['check', 'built']) chmodSync(join(folder, name), 0o755);
  const names = hookFiles('sh a.sh', folder).map((path) => relative(realpathSync(folder), path));
  expect(names.sort()).toEqual(['a.sh', 'check']);
});
