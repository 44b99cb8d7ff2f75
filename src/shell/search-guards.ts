import { basename } from 'node:path';

/** As patterns for `grep --exclude` and `rg --glob`: the names that `isSecretPath` knows. */
export const secretFileGlobs: readonly string[] =
  '.env .envrc .env.* *.pem *.key *.p12 *.pfx *.jks *.keystore *.kdbx *.ppk id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk .netrc _netrc .npmrc .yarnrc.yml .pypirc .pgpass .my.cnf .git-credentials .htpasswd .vault-token credentials credentials.json credentials.toml credentials.yaml credentials.yml credentials.ini credentials.csv credentials.xml secret.json secret.yml secret.yaml secret.toml secret.ini secrets.json secrets.yml secrets.yaml secrets.toml secrets.ini service-account*.json service_account*.json serviceaccount*.json shadow gshadow'.split(
    ' ',
  );

export const secretFolders: readonly string[] = ['.ssh', '.aws', '.gnupg', '.azure', '.password-store'];

/** Of those that `isSecretPath` knows by their folder. */
const secretPlaces = [
  '.kube/config',
  '.docker/config.json',
  '.config/gcloud/**',
  '.config/gh/**',
  '.config/op/**',
  '.cargo/credentials*',
];

/** Folders of which only some files are secrets: no option of grep names a file by its folder, so it passes over all of them. */
const mixedFolders = ['.kube', '.docker', '.config', '.cargo'];
const searchedFolders = [...secretFolders, ...mixedFolders];

/** The folder of these places that a search with grep would pass over although it is named, without a word. */
export function folderPassedOver(paths: readonly string[]): string | undefined {
  return paths.find((path) => mixedFolders.includes(basename(path).toLowerCase()));
}

/** In upper case too, for which grep has no option. */
const anyCase = (glob: string) => glob.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** Of an --include and an --exclude that contradict each other the last one wins. */
export const grepGuards: readonly string[] = [
  ...secretFileGlobs.map((glob) => `--exclude=${anyCase(glob)}`),
  ...searchedFolders.map((folder) => `--exclude-dir=${anyCase(folder)}`),
];

/** A configuration file of rg may name a program to run on each file; later globs win over earlier ones. */
export const ripgrepGuards: readonly string[] = [
  '--no-config',
  ...secretFileGlobs.map((glob) => `--iglob=!${glob}`),
  ...secretFolders.map((folder) => `--iglob=!${folder}`),
  ...secretPlaces.map((place) => `--iglob=!**/${place}`),
];

/** Paths for git, behind all others: from the top of the repository, whatever folder git runs in. */
export const gitGuards: readonly string[] = [
  ...secretFileGlobs,
  ...secretFolders.flatMap((folder) => [folder, `${folder}/**`]),
  ...secretPlaces,
].map((glob) => `:(top,exclude,glob,icase)**/${glob}`);
