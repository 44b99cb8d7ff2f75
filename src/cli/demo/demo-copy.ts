import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sampleRepository } from './sample-repository.js';

export interface DemoCopy {
  /** Real path. */
  readonly directory: string;
  /** Removes it, unless it is to be kept; again does nothing. */
  remove(): void;
}

/** A fresh copy of the sample repository in the temp folder. It goes at the latest when the process ends. */
export function copySampleRepository({ keep }: { readonly keep: boolean }): DemoCopy {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'victor-demo-')));
  const remove = () => {
    process.removeListener('exit', remove);
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', remove);
  for (const [name, text] of Object.entries(sampleRepository)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { directory, remove };
}
