import type { ExtensionFailure, ModelAccess } from './extension.js';
import type { RunningTurns } from './live-options.js';
import type { OutputSoFar } from './tool.js';

/** A coordinator that takes new options while it lives. What it keeps for its sessions stays, and a running turn goes on with the options it started with. */
export interface Configurable<Options> {
  /** Replaces the options that `change` names. */
  configure?(change: Partial<Options>, running?: RunningTurns): void;
}

/** The model of a session; `undefined` when none can be asked. Requests end when the signal is aborted. */
export type ModelOf = (sessionId: string, signal: AbortSignal) => ModelAccess | undefined;

/** Coordinators whose extensions may ask a session's model find it here; the wiring sets it. */
export interface AsksModels {
  modelOf?: ModelOf;
}

/** Coordinators that run extensions report failures here; the orchestrator sets it and makes events of them. */
export interface ReportsExtensionFailures {
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
}

/** A tool coordinator tells here what a running call puts out; the wiring sets it. */
export interface ReportsToolOutput {
  onToolOutput?: (callId: string, output: OutputSoFar, sessionId: string) => void;
}
