/** What `npm run test:safety` runs whole and at full length. */
export const safetyFolders: readonly string[] = [
  ...['test/safety', 'test/shell', 'test/permissions', 'test/sandbox'],
  'test/cli/trust-hostile-repositories.test.ts',
];
