const cleanUps: (() => unknown)[] = [];

/** Runs this after the tests of the file that runs now. Modules are shared by files, so a hook of a module is that of one file only. */
export function afterFile(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp);
}

/** For the hook of each file. */
export async function cleanUpAfterFile(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}
