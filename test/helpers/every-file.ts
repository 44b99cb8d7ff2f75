import fc from 'fast-check';
import { afterAll } from 'vitest';
import { cleanUpAfterFile } from './after-file.js';

// Where this is CI, properties are tried on the same cases in each run, so that one which fails tells of the change and not
// of luck. Elsewhere each run tries others.
if (process.env.SERVICES_REQUIRED === 'true') fc.configureGlobal({ seed: 20_261_129 });

/** Vitest runs this before each file. */
afterAll(cleanUpAfterFile);
