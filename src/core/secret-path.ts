import { withoutDroppedEndings } from './dropped-endings.js';

/** File names that hold keys by convention. Examples such as `.env.example` are there to be read. */
const secretNames = [
  String.raw`\.env(?:rc)?(?:\.(?!(?:example|sample|template|dist|defaults)$)[^/]*)?`,
  String.raw`[^/]*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)`,
  'id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?',
  String.raw`[._]netrc|\.npmrc|\.yarnrc\.yml|\.pypirc|\.pgpass|\.my\.cnf|\.git-credentials|\.htpasswd|\.vault-token`,
  String.raw`credentials(?:\.(?:json|toml|ya?ml|ini|csv|xml))?`,
  String.raw`secrets?\.(?:json|toml|ya?ml|ini)`,
  String.raw`service[-_]?account[^/]*\.json`,
  'shadow-?|gshadow-?',
];

/** Folders in which everything is taken for a secret, and single files that are named by their folder. */
const secretPlaces = [
  String.raw`\.(?:ssh|aws|gnupg|azure|password-store)(?:/.*)?`,
  String.raw`\.kube/config|\.docker/config\.json|\.config/(?:gcloud|gh|op)(?:/.*)?|\.cargo/credentials[^/]*`,
];

const secretFile = new RegExp(`(?:^|/)(?:${[...secretNames, ...secretPlaces].join('|')})$`, 'i');
/** What a process was started with, its memory and its open files. */
const processFile = /^\/proc\/(?:[^/]+\/)+(?:environ|mem|maps|cmdline|auxv|fd|root|cwd)(?:\/.*)?$/;
const publicKey = /\.pub$/i;

/**
 * Whether a path names something that holds keys or passwords by convention: `.env`, key files, `~/.ssh`, what other
 * processes were started with. Takes any spelling of the path; whoever decides looks at the real one too.
 */
export function isSecretPath(path: string): boolean {
  const name = withoutDroppedEndings(path);
  return (secretFile.test(name) && !publicKey.test(name)) || processFile.test(path);
}
