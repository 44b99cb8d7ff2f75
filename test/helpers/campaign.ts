/** How many points of a campaign are tried: in `npm test`, in the CI run, and at full length. */
export interface Lengths {
  readonly short: number;
  readonly ci: number;
  readonly full: number;
}

/**
 * The one variable that says how long campaigns are; the scripts set it, and so may who runs one file. VICTOR_TEST_LONG is
 *
 *     1      full length: test:safety, test:campaigns, test:faults, test:durability -- --full
 *     ci     what a CI run has time for: test:durability, test:faults -- --short
 *     unset  a share that `npm test` has time for
 *
 * Campaigns with no length of their own for `ci` are short there.
 */
export const campaignLength: keyof Lengths = lengthOfRun(process.env.VICTOR_TEST_LONG);

/** Whether campaigns run at full length. */
export const long = campaignLength === 'full';

/** All of them, or every n-th where campaigns are not at full length. */
export function share<Item>(all: readonly Item[], nth: number): readonly Item[] {
  return long ? all : all.filter((_, index) => index % nth === 0);
}

function lengthOfRun(said: string | undefined): keyof Lengths {
  if (said === '1') return 'full';
  return said === 'ci' ? 'ci' : 'short';
}
