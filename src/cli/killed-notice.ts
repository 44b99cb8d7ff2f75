import { openMarks } from '../storage/open-marks.js';

/** What a chat says at its start where a process that had this database open ended without closing it, and nobody has said so. */
export function killedNotice(databaseFile: string): readonly string[] {
  let killed: boolean;
  try {
    killed = openMarks(databaseFile).left.length > 0;
  } catch {
    // There is no folder yet, and so nobody was killed in it.
    return [];
  }
  if (!killed) return [];
  return [
    'Victor was killed before it could end, or the power failed. What it had shown is stored: /resume goes on with it.',
  ];
}
