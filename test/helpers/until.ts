import { vi } from 'vitest';

/** Waits until this holds, however busy the machine is. Unlike `expect.poll` it can be used by tests that run at the same time. */
export function until(holds: () => unknown): Promise<void> {
  return vi.waitFor(
    () => {
      if (!holds()) throw new Error(`it never held: ${holds}`);
    },
    { timeout: 120_000, interval: 20 },
  );
}
