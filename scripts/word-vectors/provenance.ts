import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Source } from './sources.js';

/** What is made of a table: how large it is, and what it is made from. */
export interface Made {
  readonly words: number;
  readonly dimensions: number;
  readonly sources: readonly Pick<Source, 'name' | 'version' | 'license'>[];
}

/** The page beside the table: from what it was made, on which terms, and by which hash it is known. */
export function provenance(file: string, { words, dimensions, sources }: Made): string {
  const bytes = readFileSync(file);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const rows = sources.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  return `# word-vectors.bin

Made by \`scripts/build-word-vectors.ts\`: ${words} words of ${dimensions} numbers, ${bytes.length} bytes, SHA-256
\`${hash}\`.

No part of the packages below is in it as it was, and none of them is installed.

| package | version | license |
|---|---|---|
${rows.join('\n')}

The teacher is the Universal Sentence Encoder, lite (Cer et al. 2018, Apache-2.0). The dictionary is WordNet 3.1 (the license
of WordNet, below). The frequencies are SUBTLEX-US (Brysbaert and New 2009).

${wordNetLicense}
`;
}

const wordNetLicense = `> WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND
> PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION,
> PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANT- ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT
> THE USE OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS
> OR OTHER RIGHTS. The name of Princeton University or Princeton may not be used in advertising or publicity pertaining to
> distribution of the software and/or database. Title to copyright in this software, database and any associated documentation
> shall at all times remain with Princeton University and LICENSEE agrees to preserve same.`;
