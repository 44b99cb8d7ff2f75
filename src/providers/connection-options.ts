/** What every provider over HTTP may be told about its address and its patience. */
export interface ConnectionOptions {
  /** The service's own address when absent. */
  readonly baseURL?: string | undefined;
  /** What the provider is called in errors and on the screen. */
  readonly name?: string | undefined;
  /** Sends the requests; one on node:http when absent. */
  readonly fetch?: typeof fetch | undefined;
  /** Added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Named in advice about the key. */
  readonly apiKeyVariable?: string | undefined;
  /** Milliseconds to connect; 8,000 when absent. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds until the answer's headers, and between two pieces of it; 60,000 when absent. */
  readonly firstByteTimeoutMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  /** Milliseconds the answer may bring nothing but pings; 600,000 when absent. */
  readonly progressTimeoutMs?: number | undefined;
}
