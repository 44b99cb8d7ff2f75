import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { summaryInstructions } from '../../src/compaction/summary.js';
import { createProjectFilesContributor } from '../../src/contributors/project-files.js';
import { ContextCoordinator } from '../../src/coordinators/context.js';
import { PromptCoordinator } from '../../src/coordinators/prompt.js';
import type { CompactionStrategy } from '../../src/core/extension.js';
import type { ProviderRequest, RequestMessage } from '../../src/core/provider.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { anthropicRequest } from '../../src/providers/anthropic-request.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { responsesRequest } from '../../src/providers/openai-responses-request.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { coreTools } from '../../src/tools/index.js';
import { anthropicProblems, openAIProblems, responsesProblems } from '../helpers/wire-problems.js';

/** From the root of the project down to where the work is. */
export const instructionFiles = ['AGENTS.md', 'packages/AGENTS.md', 'packages/app/AGENTS.md'] as const;
export type InstructionFile = (typeof instructionFiles)[number];

/** What the model reads in the turns of a project: one short file, one long one, and the instructions themselves. */
const readable = ['short.txt', 'long.txt', 'AGENTS.md'];

export interface ProjectSession {
  /** A turn in which the model reads so many files first; `mention` sends a file along. */
  ask(text: string, reads: number, mention: boolean): Promise<void>;
  write(file: InstructionFile): void;
  /** What is volatile says this from the next turn on. */
  note(text: string): void;
  compact(focus: string): Promise<void>;
  uncompact(): Promise<void>;
  /** What was missing in which request, or what a protocol would refuse. */
  readonly problems: readonly string[];
  /** How often the session was compacted. */
  readonly compactions: number;
  close(): Promise<void>;
}

/** A session in a project with instruction files, whose every request is looked at as it is sent. */
export function projectSession(
  compactionStrategy: CompactionStrategy,
  limits: { readonly threshold: number; readonly hardThreshold: number; readonly contextWindow: number },
): ProjectSession {
  const root = mkdtempSync(join(tmpdir(), 'victor-test-'));
  const cwd = join(root, 'packages/app');
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('packages/app/short.txt', 'a short file\n');
  put('packages/app/long.txt', 'a line of a long file\n'.repeat(400));

  const problems: string[] = [];
  const rules = new Map<string, string>();
  let versions = 0;
  let noted = 'note 0';
  let attached = 0;
  let compactions = 0;
  let toRead = 0;
  /** What every request of the turn that runs must hold. */
  let held: { readonly rules: readonly string[]; readonly note: string; readonly attached?: string };

  function write(file: InstructionFile): void {
    versions += 1;
    // Of another length each time: two writes may come within one tick of the file system's clock.
    const rule = `rule-${versions}${'x'.repeat(versions)}`;
    rules.set(file, rule);
    put(file, `Always obey ${rule}.\n`);
  }

  function check(request: ProviderRequest): void {
    for (const rule of held.rules) if (!request.system.includes(rule)) problems.push(`no ${rule}`);
    const notes = request.messages.flatMap(({ volatile }: RequestMessage) => volatile ?? []);
    if (!notes.at(-1)?.endsWith(held.note)) problems.push(`not ${held.note}, but ${notes.at(-1)}`);
    const asked = request.messages.findLast(({ role, summary }) => role === 'user' && !summary);
    if (held.attached !== undefined && !asked?.content.includes(held.attached))
      problems.push(`no ${held.attached}`);
    problems.push(
      ...anthropicProblems(JSON.parse(JSON.stringify(anthropicRequest(request)))),
      ...openAIProblems(JSON.parse(JSON.stringify(openAIRequest(request, { isOpenAI: true })))),
      ...responsesProblems(JSON.parse(JSON.stringify(responsesRequest(request, 'api.openai.com')))),
    );
  }

  const script = (request: ProviderRequest): ScriptStep => {
    if (request.system === summaryInstructions) return { text: '## Goal\nto be brief' };
    check(request);
    if (toRead === 0) return { text: 'Done. '.repeat(40) };
    toRead -= 1;
    return { toolCalls: [{ name: 'Read', input: { path: readable[toRead % readable.length] } }] };
  };

  for (const file of instructionFiles) write(file);
  const { contextWindow, ...thresholds } = limits;
  const orchestrator = new AgentOrchestrator({
    settings: { contextWindow, maxTokens: 500 },
    provider: new ScriptedProvider({ script }),
    tools: coreTools(),
    cwd,
    environment: {},
    coordinators: {
      context: new ContextCoordinator({ compactionStrategy, ...thresholds }),
      prompt: new PromptCoordinator({
        contributors: [
          createProjectFilesContributor({ cwd, workspaceRoot: root, trusted: true }),
          { name: 'notes', getContribution: () => ({ text: noted, volatile: true }) },
        ],
      }),
    },
  });
  orchestrator.subscribe(({ type }) => {
    if (type === 'compaction') compactions += 1;
  });

  return {
    problems,
    get compactions() {
      return compactions;
    },
    write,
    note(text) {
      noted = text;
    },
    async ask(text, reads, mention) {
      toRead = reads;
      const name = `attached-${++attached}.txt`;
      const content = `content-${attached}`;
      if (mention) put(`packages/app/${name}`, `${content}\n`);
      held = { rules: [...rules.values()], note: noted, ...(mention ? { attached: content } : {}) };
      const typed = mention ? `${text} @${name}` : text;
      await orchestrator.chat(typed, { mentions: typed }).catch((error) => {
        if (error.code !== 'context-overflow') problems.push(String(error));
      });
    },
    compact: async (focus) => void (await orchestrator.compact(undefined, focus)),
    uncompact: async () => void (await orchestrator.uncompact()),
    async close() {
      await orchestrator.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
