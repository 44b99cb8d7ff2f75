import { statfsSync } from 'node:fs';

/** By the magic number that statfs answers on Linux. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x47504653, 'GPFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x786f4256, 'a shared folder of VirtualBox'],
]);

/** What kind of network file system a folder is on; `undefined` for a disk of this machine, or where nobody says. */
export function networkFileSystem(folder: string): string | undefined {
  try {
    return networkTypes.get(statfsSync(folder).type >>> 0);
  } catch {
    return undefined;
  }
}
