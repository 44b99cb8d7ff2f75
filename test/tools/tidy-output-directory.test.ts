import { readdirSync, utimesSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createBashTool } from '../../src/tools/bash.js';
import { temporaryName } from '../../src/tools/pending-writes.js';
import { tidyOutputDirectory } from '../../src/tools/tidy-output-directory.js';
import { workspace } from './workspace.js';

it('keeps outputs for a week, removes older ones and what a crash left, and touches nothing else', async () => {
  const { run, outputDirectory, write, path, root } = workspace();
  await run(createBashTool(), { command: 'seq 1 10000' });
  await run(createBashTool(), { command: 'seq 1 20000' });
  const [old = '', kept = ''] = readdirSync(outputDirectory);
  const temporary = temporaryName('a.txt');
  write(temporary, 'half');
  write('../output/pending-write-1', path(temporary));
  write('../output/notes.txt', '');
  const eightDaysAgo = Date.now() / 1_000 - 8 * 86_400;
  for (const file of [`../output/${old}`, '../output/notes.txt', '../output/pending-write-1', temporary]) {
    utimesSync(path(file), eightDaysAgo, eightDaysAgo);
  }
  await tidyOutputDirectory(outputDirectory);
  expect(readdirSync(outputDirectory).sort()).toEqual(['notes.txt', kept].sort());
  expect(readdirSync(root)).toEqual([]);
  await tidyOutputDirectory(path('nothing'));
});
