import type { SpoolState } from '../core/spool.js';

/** How far an exporter is, in one line, with what to do about it. */
export function deliveryLine(state: SpoolState): string {
  const { waiting, sent, dropped, quarantined, failures, lastError, quarantineReason } = state;
  const count = (value: number) => value.toLocaleString('en-US');
  const why = quarantineReason === null ? '' : ` (${quarantineReason})`;
  const parts = [
    `${count(sent)} sent, ${count(waiting)} waiting`,
    ...(dropped > 0 ? [`${count(dropped)} dropped`] : []),
    ...(quarantined > 0 ? [`${count(quarantined)} never taken by the receiver${why}`] : []),
    ...(failures > 0 ? [`failed ${failures} times in a row: ${lastError}`] : []),
    ...(waiting > 0 ? ['victor export sends what waits'] : []),
  ];
  return parts.join('; ');
}

/** Whether somebody who looks at what was counted should know. */
export function needsWord({ failures, dropped, quarantined }: SpoolState): boolean {
  return failures + dropped + quarantined > 0;
}
