import { spawn } from 'node:child_process';
import { childEnvironment } from '../tools/child-environment.js';
import { findProgram } from '../tools/find-program.js';

/** How the session of the user on the desktop is found. */
const desktop = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS'];

/**
 * Opens an address with the browser of the desktop, where there is one; answers whether that was begun. No shell sees the
 * address, and what is started has none of the keys.
 */
export function openInBrowser(address: string, environment: NodeJS.ProcessEnv): boolean {
  const isMac = process.platform === 'darwin';
  if (!isMac && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) return false;
  const program = findProgram(isMac ? 'open' : 'xdg-open', environment.PATH, process.cwd());
  if (program === undefined) return false;
  const child = spawn(program, [address], {
    detached: true,
    stdio: 'ignore',
    env: childEnvironment(environment, desktop),
  });
  child.on('error', () => {});
  child.unref();
  return true;
}
