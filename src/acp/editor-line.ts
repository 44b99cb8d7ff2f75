import type { RequestPermissionRequest, SessionUpdate } from '@agentclientprotocol/sdk';

/** What a session says to the editor and asks of it. */
export interface EditorLine {
  /** Whether the editor shows notices apart from what the model says. */
  readonly showsNotices: boolean;
  /** Resolves when the editor can take more; never rejects. */
  update(sessionId: string, update: SessionUpdate): Promise<void>;
  /** The id of the answer that was chosen; `undefined` for none. */
  ask(question: RequestPermissionRequest, signal: AbortSignal): Promise<string | undefined>;
}
