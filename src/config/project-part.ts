import type { ConfigFile } from './config-file.js';
import { isCode } from './find.js';
import { type FolderItem, otherItems, programItem, settingItems, withoutItems } from './folder-items.js';
import { ignoredNotices } from './load-notices.js';
import type { ConfigLayer } from './merge.js';
import type { VictorPaths } from './paths.js';
import { restrict, tighten } from './restrict.js';
import type { PartialSettings, Settings } from './schema.js';

/** What one file of a project comes to. */
export interface ProjectPart {
  /** As far as they count. */
  readonly settings: PartialSettings;
  readonly adds: readonly string[];
  readonly notices: readonly string[];
  /** What takes the user's word, and has not got it. */
  readonly waiting: readonly FolderItem[];
  /** What waits for trust of the folder besides. */
  readonly untrusted: readonly FolderItem[];
}

export interface ProjectPartOptions {
  /** The settings that hold without the project. */
  readonly below: Settings;
  readonly trusted: boolean;
  readonly isConfirmed: (item: FolderItem) => boolean;
  /** What is not confirmed counts all the same. */
  readonly unconfirmedToo: boolean;
  readonly paths: VictorPaths;
}

/** What of a project's file counts here; `given` with whole paths. */
export function projectPart(file: string, given: PartialSettings, options: ProjectPartOptions): ProjectPart {
  const { below, trusted, isConfirmed, unconfirmedToo, paths } = options;
  const counts = trusted ? tighten(given, below) : restrict(given, below);
  // What a program names is part of that program.
  const items = isCode(file) ? [programItem(file)] : settingItems(tighten(given, below).settings, file);
  const waiting = items.filter((item) => !isConfirmed(item));
  const all = !trusted || unconfirmedToo;
  return {
    settings: all ? counts.settings : withoutItems(counts.settings, waiting),
    adds: counts.adds,
    notices: ignoredNotices(file, counts, paths),
    waiting,
    untrusted: otherItems(counts.untilTrusted, given, file),
  };
}

/** The one layer of a project: its settings file, and the servers of its `.mcp.json` that the file does not name itself. */
export function projectLayer(
  found: ConfigFile | undefined,
  own: ProjectPart | undefined,
  mcpFile: string | undefined,
  servers: ProjectPart | undefined,
): ConfigLayer | undefined {
  const named = Object.keys(servers?.settings.mcpServers ?? {});
  if (!found || !own) {
    if (named.length === 0) return undefined;
    return { name: 'project', file: mcpFile!, settings: servers!.settings };
  }
  const { file, lineOf } = found;
  const layer: ConfigLayer = { name: 'project', file, lineOf, settings: own.settings, adds: own.adds };
  if (named.length === 0) return layer;
  const ofFile = own.settings.mcpServers ?? {};
  const others = named.filter((name) => !Object.hasOwn(ofFile, name));
  return {
    ...layer,
    settings: { ...own.settings, mcpServers: { ...servers!.settings.mcpServers, ...ofFile } },
    otherFiles: Object.fromEntries(others.map((name) => [`mcpServers.${name}`, mcpFile!])),
  };
}
