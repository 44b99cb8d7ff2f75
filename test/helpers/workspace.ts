import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { afterFile } from './after-file.js';

type Files = Readonly<Record<string, string>>;

/** What a test has ended may still be writing its last file. */
const remove = (directory: string) =>
  rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });

/** A fresh folder with these files (path -> content) that goes away with the test. Answers its absolute path. */
export async function makeWorkspace(files: Files = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'victor-test-'));
  onTestFinished(() => remove(directory));
  await writeFiles(directory, files);
  return directory;
}

/** The same for all tests of a file, in a hook. */
export async function makeSharedWorkspace(files: Files): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'victor-test-'));
  afterFile(() => remove(directory));
  await writeFiles(directory, files);
  return directory;
}

/** Puts these files into the folder, over what is there. */
export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}
