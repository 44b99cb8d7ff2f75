/** What a server gave a user who logged in there. All of it is secret. */
export interface ServerLogin {
  /** As the server of the settings is called, and where it is: it is sent nowhere else. */
  readonly server: string;
  readonly address: string;
  /** What Victor was registered as there (RFC 7591), or what the settings say. */
  readonly client?: Readonly<Record<string, unknown>> | undefined;
  readonly tokens?: Readonly<Record<string, unknown>> | undefined;
}

/** The logins of the user, one for each name and address of a server. */
export interface ServerLogins {
  /** `undefined` where the user has not logged in, or what was kept cannot be read. */
  of(server: string, address: string): ServerLogin | undefined;
  /** Throws where it cannot be kept. */
  keep(login: ServerLogin): void;
  /** Answers whether there was one. */
  forget(server: string, address: string): boolean;
}
