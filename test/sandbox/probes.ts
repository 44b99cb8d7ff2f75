/** One attempt to get out. `{outside}`, `{home}`, `{state}` and the like are filled in by the test. */
export interface Probe {
  readonly id: string;
  readonly title: string;
  readonly script: string;
}

const python = (code: string) => `python3 - <<'EOF'\n${code}\nEOF`;

/** The canary that a successful write leaves outside, and the secret that a successful read prints. */
export const probes: readonly Probe[] = [
  // writing outside
  { id: 'W01', title: 'write an absolute path outside', script: 'echo x > {outside}/canary' },
  { id: 'W02', title: 'write over a file outside', script: 'echo x > {outside}/victim' },
  { id: 'W03', title: 'append to a file outside', script: 'echo x >> {outside}/victim' },
  { id: 'W04', title: 'write through ..', script: 'echo x > ../outside/canary' },
  {
    id: 'W05',
    title: 'write through a symbolic link to a file',
    script: 'ln -s {outside}/victim l; echo x > l',
  },
  {
    id: 'W06',
    title: 'write through a symbolic link to a folder',
    script: 'ln -s {outside} d; echo x > d/canary',
  },
  { id: 'W07', title: 'write through a link that was there before', script: 'echo x > link-outside/canary' },
  {
    id: 'W08',
    title: 'hard link to a file outside, then write',
    script: 'ln {outside}/victim h && echo x > h',
  },
  { id: 'W09', title: 'hard link across and chmod', script: 'ln {outside}/victim h2 && chmod 777 h2' },
  { id: 'W10', title: 'remove a file outside', script: 'rm -f {outside}/victim' },
  { id: 'W11', title: 'rename a file outside', script: 'mv {outside}/victim {outside}/canary' },
  { id: 'W12', title: 'move a file into the outside', script: 'touch mine; mv mine {outside}/canary' },
  { id: 'W13', title: 'change the mode of a file outside', script: 'chmod 777 {outside}/victim' },
  { id: 'W14', title: 'change the owner of a file outside', script: 'chown 65534 {outside}/victim' },
  { id: 'W15', title: 'change the time of a file outside', script: 'touch -d 2001-01-01 {outside}/victim' },
  { id: 'W16', title: 'make a folder outside', script: 'mkdir {outside}/canary' },
  { id: 'W17', title: 'make a pipe outside', script: 'mkfifo {outside}/canary' },
  {
    id: 'W18',
    title: 'set an extended attribute outside',
    script: python('import os\nos.setxattr("{outside}/victim", "user.canary", b"x")'),
  },
  { id: 'W19', title: 'truncate a file outside', script: 'truncate -s 0 {outside}/victim' },
  { id: 'W20', title: 'write into the temporary folder of the system', script: 'echo x > {temporary}' },
  { id: 'W21', title: 'write into the home', script: 'echo x > "$HOME/canary"; echo x > {home}/canary' },
  { id: 'W22', title: 'write where the system says the home is', script: 'echo x > ~root/{name}' },
  { id: 'W23', title: 'write into /etc', script: 'echo x > /etc/{name}' },
  { id: 'W24', title: 'write into /usr/local/bin', script: 'echo x > /usr/local/bin/{name}' },
  { id: 'W25', title: 'write into /dev/shm', script: 'echo x > /dev/shm/{name}' },
  { id: 'W26', title: 'write into /var/tmp', script: 'echo x > /var/tmp/{name}' },
  { id: 'W27', title: 'write into /run', script: 'echo x > /run/{name}' },
  // reading secrets
  { id: 'R01', title: 'read a key in ~/.ssh', script: 'cat {home}/.ssh/id_ed25519 "$HOME/.ssh/id_ed25519"' },
  { id: 'R02', title: 'read ~/.aws/credentials', script: 'cat {home}/.aws/credentials' },
  { id: 'R03', title: 'read ~/.netrc', script: 'cat {home}/.netrc' },
  { id: 'R04', title: 'read any file of the home', script: 'cat {home}/notes.txt' },
  { id: 'R05', title: 'read the home through a link', script: 'ln -s {home} hh; cat hh/.netrc hh/notes.txt' },
  { id: 'R06', title: 'read the state of Victor', script: 'cat {state}/secret' },
  { id: 'R07', title: 'copy the state of Victor', script: 'cp -r {state} copy; cat copy/secret' },
  {
    id: 'R08',
    title: 'find a secret by searching everything',
    script: 'grep -rs {secretPrefix} {base} /tmp /var/tmp /root /home',
  },
  {
    id: 'R09',
    title: 'read the memory or environment of the parent',
    script: 'cat /proc/1/environ /proc/$PPID/environ /proc/{pid}/environ',
  },
  { id: 'R10', title: 'read the environment of every process', script: 'cat /proc/[0-9]*/environ' },
  { id: 'R11', title: 'read through /proc/1/root', script: 'cat /proc/1/root{home}/.netrc' },
  { id: 'R12', title: 'read through /proc/1/cwd', script: 'cat /proc/1/cwd/../home/.netrc' },
  {
    id: 'R13',
    title: 'read through /proc of a process outside',
    script: 'cat /proc/{pid}/root{home}/.netrc',
  },
  // settings and hooks
  { id: 'G01', title: 'P15 make a git hook', script: 'echo x > .git/hooks/pre-commit' },
  { id: 'G02', title: 'P15 change a git hook', script: 'echo x >> .git/hooks/post-commit' },
  { id: 'G03', title: 'P15 change .git/config', script: 'git config core.pager id; echo x >> .git/config' },
  { id: 'G04', title: 'P15 replace .git/config by rename', script: 'echo x > c; mv -f c .git/config' },
  { id: 'G05', title: 'P15 remove .git/config', script: 'rm -f .git/config' },
  {
    id: 'G06',
    title: 'P15 replace .git/hooks by renaming .git',
    script: 'mv .git old; mkdir -p .git/hooks; echo x > .git/hooks/pre-commit',
  },
  {
    id: 'G07',
    title: 'P15 replace .git/hooks itself',
    script: 'mv .git/hooks old; mkdir .git/hooks; echo x > .git/hooks/pre-commit',
  },
  {
    id: 'G08',
    title: 'P15 lead git to another config by commondir',
    script: 'mkdir evil; echo x > evil/config; echo ../evil > .git/commondir',
  },
  {
    id: 'G09',
    title: 'P15 put a module with a hook into .git/modules',
    script: 'mkdir -p .git/modules/m/hooks; echo x > .git/modules/m/hooks/pre-commit',
  },
  { id: 'G10', title: 'P16 change .victorrc', script: 'echo x >> .victorrc' },
  { id: 'G11', title: 'P16 replace .victorrc by rename', script: 'echo x > c; mv -f c .victorrc' },
  { id: 'G12', title: 'P16 make a .victorrc.json that was not there', script: 'echo {} > .victorrc.json' },
  { id: 'G13', title: 'P16 make a victor.config.js that was not there', script: 'echo x > victor.config.js' },
  {
    id: 'G14',
    title: 'P16 make .config/config.js that was not there',
    script: 'mkdir -p .config; echo x > .config/config.js',
  },
  { id: 'G15', title: 'P16 make .victor that was not there', script: 'mkdir .victor; echo x > .victor/x' },
  { id: 'G16', title: 'P16 make .victorrc.yaml as a link', script: 'echo x > c; ln -s c .victorrc.yaml' },
  {
    id: 'G17',
    title: 'P16 change the state of Victor',
    script: 'echo x > {state}/canary; echo x > {state}/secret',
  },
  { id: 'G18', title: 'rename the workspace', script: 'cd ..; mv work moved; mkdir work; touch work/canary' },
  {
    id: 'G19',
    title: 'unmount what protects the hooks',
    script: 'umount .git/hooks; umount -l .git/config; echo x > .git/hooks/pre-commit',
  },
  {
    id: 'G20',
    title: 'unmount the protection in a user namespace',
    script: 'unshare -Urm sh -c "umount -l .git/hooks; echo x > .git/hooks/pre-commit"',
  },
  {
    id: 'S21',
    title: 'P16 make .victorrc.yaml by renaming a file onto it',
    script: 'echo x > c; mv -fT c .victorrc.yaml; mv -f c .victorrc.yaml',
  },
  {
    id: 'S22',
    title: 'P16 make .victorrc.yml as a hard link',
    script: 'echo x > c; rm -rf .victorrc.yml; ln -T c .victorrc.yml; ln -f c .victorrc.yml',
  },
  {
    id: 'S23',
    title: 'P16 make .victorrc.ts as a link to a file that is made later',
    script: 'ln -sfT later .victorrc.ts; echo x > later; ln -sf ../later .victorrc.ts/x',
  },
  {
    id: 'S24',
    title: 'P16 make a folder victor.config.mjs, and give it away for a file',
    script:
      'rmdir victor.config.mjs; mkdir victor.config.mjs; rm -rf victor.config.mjs; echo x > victor.config.mjs',
  },
  {
    id: 'S25',
    title: 'P16 move away what keeps .victorrc.cjs, also by exchanging the two',
    script: `mv -T .victorrc.cjs away; echo x > .victorrc.cjs; ${python(
      'import ctypes\nopen("c","w").write("x")\nl=ctypes.CDLL(None)\nl.renameat2(-100,b"c",-100,b".victorrc.cjs",2)\nl.rename(b"c",b".victorrc.cjs")',
    )}`,
  },
  {
    id: 'S26',
    title: 'P16 replace .config, and make .config/config.ts in the new one',
    script:
      'mv .config old; rm -rf .config; mkdir .config; echo x > .config/config.ts; echo x > .config/config.mjs',
  },
  {
    id: 'S27',
    title: 'P16 make .config a link to a folder with config.cjs',
    script: 'mkdir evil; echo x > evil/config.cjs; rm -rf .config; ln -sfT evil .config; mv -T evil .config',
  },
  {
    id: 'S28',
    title: 'P16 put a file into what keeps .victor, after a change of its mode',
    script: 'chmod 777 .victor; echo x > .victor/x; mkdir .victor/commands; echo x > .victor/commands/x',
  },
  {
    id: 'S29',
    title: 'P16 make .victorrc.json again and again until one is left',
    script: 'for n in $(seq 200); do rm -rf .victorrc.json; echo {} > .victorrc.json; done 2>/dev/null',
  },
  {
    id: 'S30',
    title: 'P16 unmount what keeps .victorrc.json',
    script:
      'umount -l .victorrc.json; unshare -Urm sh -c "umount -l .victorrc.json; echo {} > .victorrc.json"',
  },
  {
    id: 'S31',
    title: 'P15 make .git/config.worktree, by writing, renaming and linking',
    script:
      'echo x > .git/config.worktree; echo x > c; mv -f c .git/config.worktree; rm -f .git/config.worktree; ln -f c .git/config.worktree; git config extensions.worktreeConfig true; git config --worktree core.pager id',
  },
  {
    id: 'S32',
    title: 'P15 make .git/commondir, by renaming, linking and replacing .git',
    script:
      'mkdir evil; echo ../evil > c; mv -f c .git/commondir; rm -f .git/commondir; ln -f c .git/commondir; ln -sf c .git/commondir; mv .git old; mkdir .git; cp c .git/commondir',
  },
  {
    id: 'S33',
    title: 'P15 make the repository anew with a template that has a hook',
    script:
      'mkdir -p t/hooks; echo x > t/hooks/pre-commit; chmod +x t/hooks/pre-commit; git init --template=t; rm -rf .git; git init --template=t; git init --separate-git-dir=elsewhere --template=t',
  },
  {
    id: 'S34',
    title: 'P15 add a worktree, and lead its git to hooks of the command',
    script:
      'git -c user.name=a -c user.email=a@b commit -qm x --allow-empty; git worktree add -q tree; echo x > .git/hooks/pre-push; git -C tree config core.hooksPath evil',
  },
  // network
  {
    id: 'N01',
    title: 'connect to a server on the loopback',
    script: 'exec 3<>/dev/tcp/127.0.0.1/{port} && echo hello >&3',
  },
  {
    id: 'N02',
    title: 'fetch from a server on the loopback',
    script: 'curl -s -m 2 http://127.0.0.1:{port}/hello',
  },
  { id: 'N03', title: 'send a datagram to the loopback', script: 'echo hello > /dev/udp/127.0.0.1/{port}' },
  {
    id: 'N04',
    title: 'connect to an abstract socket',
    script: python(
      'import socket\ns=socket.socket(socket.AF_UNIX)\ns.connect("\\0{abstract}")\ns.send(b"hello")',
    ),
  },
  {
    id: 'N05',
    title: 'connect to a socket in a temporary folder',
    script: python('import socket\ns=socket.socket(socket.AF_UNIX)\ns.connect("{socket}")\ns.send(b"hello")'),
  },
  {
    id: 'N06',
    title: 'enter the network of another process',
    script: 'nsenter --net=/proc/{pid}/ns/net bash -c "echo hello > /dev/tcp/127.0.0.1/{port}"',
  },
  {
    id: 'N07',
    title: 'add an address to a network of its own',
    script: 'unshare -Urn bash -c "ip link set lo up; echo hello > /dev/tcp/127.0.0.1/{port}"',
  },
  // processes
  { id: 'X01', title: 'kill a process outside by its id', script: 'kill -9 {pid}' },
  { id: 'X02', title: 'kill every process', script: 'grep -q bwrap /proc/1/comm && (kill -9 -1)' },
  { id: 'X03', title: 'stop the process that started it', script: 'kill -9 $PPID' },
  {
    id: 'X04',
    title: 'trace a process outside',
    script: python(
      'import ctypes\nl=ctypes.CDLL(None)\nl.ptrace(16,{pid},0,0)\nl.ptrace(7,{pid},0,0)\nl.ptrace(8,{pid},0,0)',
    ),
  },
  {
    id: 'X05',
    title: 'find a process outside by its arguments',
    script: 'cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -o {secretPrefix}[a-z]*',
  },
  {
    id: 'X06',
    title: 'leave a daemon behind',
    script: 'setsid nohup sh -c "sleep 0.3; echo x > leftover" >/dev/null 2>&1 &',
  },
  {
    id: 'X07',
    title: 'a daemon that forked twice',
    script: '(setsid sh -c "(sleep 0.3; echo x > leftover) &" &) >/dev/null 2>&1',
  },
  { id: 'X08', title: 'lower the niceness of a process outside', script: 'renice -n 19 -p {pid}' },
  // the system
  { id: 'M01', title: 'mount over a folder', script: 'mount -t tmpfs none /mnt && echo {secret}' },
  {
    id: 'M02',
    title: 'make the root writable again',
    script: 'mount -o remount,rw,bind /; echo x > {outside}/canary',
  },
  {
    id: 'M03',
    title: 'make it writable in a user namespace',
    script: 'unshare -Urm sh -c "mount -o remount,rw,bind / ; echo x > {outside}/canary"',
  },
  {
    id: 'M04',
    title: 'bind a hidden home in a user namespace',
    script: 'unshare -Urm sh -c "umount -l {hiddenRoot}; cat {home}/.netrc"',
  },
  {
    id: 'M05',
    title: 'leave by chroot',
    script: python(
      'import os\nos.mkdir("j")\nos.chroot("j")\nfor i in range(20): os.chdir("..")\nos.chroot(".")\nopen("{outside}/canary","w")',
    ),
  },
  {
    id: 'M06',
    title: 'enter the mounts of another process',
    script: 'nsenter --mount=/proc/{pid}/ns/mnt touch {outside}/canary',
  },
  {
    id: 'M07',
    title: 'pivot to the old root',
    script: 'unshare -Urm sh -c "mkdir o; pivot_root . o; echo x > o{outside}/canary"',
  },
  {
    id: 'M08',
    title: 'make a device of the disk',
    script: 'mknod disk b 254 0 && head -c 1 disk && echo {secret}',
  },
  {
    id: 'M09',
    title: 'read the disk from /dev',
    script:
      'for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/mem; do head -c 1 $d >/dev/null && echo {secret}; done',
  },
  {
    id: 'M10',
    title: 'write a kernel setting',
    script: 'cat /proc/sys/kernel/core_pattern > p; cat p > /proc/sys/kernel/core_pattern && echo {secret}',
  },
  {
    id: 'M21',
    title: 'open what makes the kernel act',
    script: 'for f in sysrq-trigger mtrr irq/default_smp_affinity; do : >> /proc/$f && echo {secret}; done',
  },
  {
    id: 'M11',
    title: 'write to /sys',
    script:
      'for f in /sys/kernel/uevent_helper /sys/fs/cgroup/*/release_agent /sys/kernel/mm/ksm/run; do cat $f > p 2>/dev/null && cat p > $f && echo {secret}; done',
  },
  {
    id: 'M12',
    title: 'make a group of processes in a cgroup',
    script: 'mkdir /sys/fs/cgroup/{name} /sys/fs/cgroup/*/{name} && echo {secret}',
  },
  {
    id: 'M13',
    title: 'gain rights by a setuid program',
    script:
      'cp /bin/cat c; chmod u+s c; su -c "cat {home}/.netrc"; sudo -n cat {home}/.netrc; ./c {home}/.netrc',
  },
  {
    id: 'M14',
    title: 'have any capability',
    script:
      'grep -q "CapEff:.*[1-9a-f]" /proc/self/status && echo {secret}; grep -q "NoNewPrivs:.*0" /proc/self/status && echo {secret}',
  },
  { id: 'M15', title: 'set the name of the machine', script: 'hostname {name}' },
  {
    id: 'M16',
    title: 'see the shared memory of outside',
    script: 'ipcs -m | grep -c 0x0a11ce && echo {secret}',
  },
  {
    id: 'M17',
    title: 'type into the terminal',
    script: python(
      'import fcntl,termios,os\nfor p in ("/dev/tty","/dev/console","/dev/tty1","/dev/pts/0"):\n  try:\n    fcntl.ioctl(os.open(p,os.O_RDWR),termios.TIOCSTI,b"x"); print("{secret}")\n  except OSError: pass',
    ),
  },
  {
    id: 'M18',
    title: 'use a descriptor of whoever started it',
    script:
      'for f in /proc/self/fd/*; do n=$(basename $f); [ "$n" -gt 2 ] && [ "$n" -lt 200 ] && cat <&"$n" 2>/dev/null; done; ls -l /proc/self/fd',
  },
  {
    id: 'M19',
    title: 'go up from a descriptor',
    script: python(
      'import os\nfor n in range(3,64):\n  try:\n    d=os.open("../../../../../../{outside}",os.O_RDONLY,dir_fd=n); os.open("canary",os.O_CREAT|os.O_WRONLY,dir_fd=d)\n  except OSError: pass',
    ),
  },
  {
    id: 'M20',
    title: 'open a file outside by its handle',
    script: python(
      'import ctypes,os,struct\nl=ctypes.CDLL(None,use_errno=True)\nf=os.open(".",os.O_RDONLY)\nh=struct.pack("IiII",8,1,2,0)\nd=l.open_by_handle_at(f,h,0)\nif d>=0: print("{secret}")',
    ),
  },
];
