/** Where a chat runs and what it was started with. */
export interface About {
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  /** Real path of the repository around the folder, else of that. */
  readonly workspaceRoot: string;
  readonly trusted: boolean;
  /** How commands are confined, in a word or two. */
  readonly sandbox: string;
  /** Settings files that were read, absolute, strongest first. */
  readonly settingsFiles: readonly string[];
  /** Absolute; absent where nothing is stored. */
  readonly databaseFile?: string;
}

/** One thing that was looked at. `info` is worth knowing and nothing to mend. */
export interface HealthLine {
  readonly name: string;
  readonly status: 'ok' | 'info' | 'failed';
  readonly detail: string;
}

/** Something the user allowed for every session in the folder. */
export interface KeptPermission {
  /** Milliseconds since 1970; 0 when nobody knows. */
  readonly since: number;
  readonly tool: string;
  readonly what: string;
}

/** A model that `/model` can change to. */
export interface ModelChoice {
  /** As `/model` takes it: `provider/model`. */
  readonly name: string;
  /** What it costs and can, one line. */
  readonly about: string;
  /** What has to be done before it can answer, in sentences; absent where it can. */
  readonly toSetUp?: string;
}

export interface StatisticsRequest {
  /** How far back, today included. */
  readonly days: number;
  /** A table by this. */
  readonly by: string;
  /** Cells that a line may have. */
  readonly columns: number;
}

/** What the program around the screen can do, and an orchestrator cannot. Everything may reject with a `VictorError`. */
export interface Host {
  about(): Promise<About>;
  /** What was counted, as lines. Rejects with a `ConfigError` for a table that there is not. */
  statistics(request: StatisticsRequest): Promise<string>;
  keptPermissions(): Promise<readonly KeptPermission[]>;
  /** What would happen to a command of the model, and why, as lines of at most `columns` cells. */
  explainCommand(command: string, sessionId: string, columns: number): Promise<string>;
  /** Looks at everything Victor stands on; told group by group, as each is done. */
  checkHealth(tell: (group: string, lines: readonly HealthLine[]) => void): Promise<void>;
  /** Opens an address with the browser of the desktop; answers whether that was begun. */
  openInBrowser(address: string): Promise<boolean>;
  /** Of every provider that could be asked now. One that does not answer soon is left out. */
  models(sessionId: string): Promise<readonly ModelChoice[]>;
}
