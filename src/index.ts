/**
 * The public API of Victor. Importing it loads no SDK, no terminal interface and no native module,
 * and touches no disk; each is loaded when it is first needed.
 */

export type { PartialSettings, Settings } from './config/schema.js';
// Settings.
export { settings } from './config/schema.js';
// The fifteen coordinators, for replacing or configuring one.
export { AnalyticsCoordinator } from './coordinators/analytics.js';
export { ChatCoordinator } from './coordinators/chat.js';
export { CheckpointCoordinator } from './coordinators/checkpoint.js';
export { ConfigCoordinator } from './coordinators/config.js';
export { ContextCoordinator } from './coordinators/context.js';
export { EvaluationCoordinator } from './coordinators/evaluation.js';
export { MetricsCoordinator } from './coordinators/metrics.js';
export { ModeCoordinator } from './coordinators/mode.js';
export type { ApprovalRequest } from './coordinators/permission.js';
export { PermissionCoordinator } from './coordinators/permission.js';
export { PromptCoordinator } from './coordinators/prompt.js';
export { ProviderCoordinator } from './coordinators/provider.js';
export { SessionCoordinator } from './coordinators/session.js';
export { ToolCoordinator } from './coordinators/tool.js';
export { ToolSelectionCoordinator } from './coordinators/tool-selection.js';
export { WorkflowCoordinator } from './coordinators/workflow.js';
export type { ApprovalStore, ProjectApproval } from './core/approval-store.js';
export type { Context } from './core/context.js';
export type { Compaction, Coordinators, Mode } from './core/coordinator.js';
export type { Approval, Decision, Selection, Verdict } from './core/decision.js';
export type { RecordedDecision } from './core/decision-record.js';
export {
  AbortedError,
  ConfigError,
  ContextOverflowError,
  ExtensionError,
  ProviderError,
  ReplayError,
  StorageError,
  VictorError,
} from './core/errors.js';
// What happens, and what goes wrong.
export type { EventType, VictorEvent } from './core/event.js';
// What extensions implement.
export type {
  AnalyticsEvent,
  AnalyticsExporter,
  CompactionStrategy,
  ConfigProvider,
  Embedder,
  ExportResult,
  ModelAccess,
  PromptContext,
  PromptContribution,
  PromptContributor,
  ToolDescriptor,
  ToolScore,
  ToolSelectionStrategy,
} from './core/extension.js';
export type { Message, ToolCall } from './core/message.js';
export type { Provider, ProviderEvent, ProviderRequest, StopReason } from './core/provider.js';
export type { FileDiff, RestoreOutcome, RestorePlan } from './core/restore.js';
export type { ChangesPreview, ChangesRequest, Prompt, SessionChanges } from './core/session-changes.js';
export type { Store } from './core/store.js';
export type { OutputSoFar, Tool, ToolContext, ToolKind, ToolResult } from './core/tool.js';
export type { CreateOrchestratorOptions } from './create-orchestrator.js';
export { createOrchestrator } from './create-orchestrator.js';
export { createHashEmbedder } from './embedding/hash.js';
export type { ChatOptions, ChatResponse, OrchestratorOptions } from './orchestrator.js';
// Run conversations.
export { AgentOrchestrator } from './orchestrator.js';
// Providers: who answers.
export { AnthropicProvider } from './providers/anthropic.js';
export { OfflineProvider } from './providers/offline.js';
export { OpenAIProvider } from './providers/openai.js';
export { ScriptedProvider } from './providers/scripted.js';
// Record and replay what a model says.
export type { TrafficOptions } from './recording/index.js';
export { recordTraffic, replayTraffic } from './recording/index.js';
export type { Traffic } from './recording/traffic.js';
export { openStore } from './storage/open-store.js';
// Tools and storage to opt in to.
export { coreTools, readOnlyTools } from './tools/index.js';
