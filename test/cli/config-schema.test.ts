import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '../../src/config/schema.js';
import { share } from '../helpers/campaign.js';
import { schemaProblems } from '../helpers/json-schema.js';
import { runVictor } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';

const example = readFileSync(new URL('../../.victorrc.example', import.meta.url), 'utf8');
const everything = example.replace(/^#(?=[a-zA-Z])/gm, '');

/** Settings files, and whether they are right; none names a file, because a schema knows of none. */
const good = [
  'model: x',
  'maxTurns: 1',
  'baseURL: http://localhost:1/v1?x=a',
  'baseURL: HTTPS://EXAMPLE.COM',
  'provider: [ollama, { baseURL: "http://localhost:1" }]',
  'compaction: { strategy: [recent, { keepLast: 3 }], threshold: 1 }',
  'contributors: []',
  'permissions: { tests: [{ command: x, expect: deny }, { tool: Read, path: y, input: { limit: 3 }, mode: plan, expect: ask }] }',
  'prices: { "a/b": { input: 1, output: 2 } }',
  'workflows: { w: { steps: [{ prompt: p }] } }',
  'prompt: { context: { anything: [1, { deep: null }] } }',
  'theme: colour-blind',
  'screenReader: true',
  '{"$schema": "./schema.json", "maxTurns": 3}',
];
const bad = [
  'maxTurn: 5',
  'maxTurns: 0',
  'maxTurns: 1.5',
  'maxTurns: "5"',
  'maxTurns: null',
  'model: ""',
  'model: 7',
  'maxBudgetUsd: 0',
  'maxDayUsd: 0',
  'maxProjectUsd: much',
  'baseURL: localhost:1',
  'baseURL: ftp://example.com',
  'baseURL: http://me:secret@example.com',
  'provider: [ollama]',
  'provider: [ollama, {}, {}]',
  'provider: [ollama, 3]',
  'provider: {}',
  'compaction: { threshold: 0 }',
  'compaction: { threshold: 1.1 }',
  'compaction: recent',
  'compaction: { strateg: recent }',
  'contributors: base',
  'contributors: [[base, {}, 1]]',
  'permissions: { mode: yoloo }',
  'permissions: { allow: Bash }',
  'permissions: { tests: [{ command: x }] }',
  'permissions: { tests: [{ command: x, tool: y, expect: ask }] }',
  'permissions: { tests: [{ tool: y, expect: run }] }',
  'permissions: { allow: [""] }',
  'credentialHosts: ["https://x"]',
  'coordinators: { brain: ./b.js }',
  'prices: { m: { input: 1 } }',
  'prices: { m: { input: -1, output: 1 } }',
  'workflows: { w: { steps: [] } }',
  'workflows: { w: { steps: [{ prompts: p }] } }',
  'analytics: { enabled: "yes" }',
  'theme: pink',
  'screenReader: sometimes',
  '- model',
  '"$schema": 3',
];

/** A part of a JSON schema. */
interface Node {
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly prefixItems?: readonly Node[];
  readonly enum?: readonly string[];
  readonly examples?: readonly string[];
}

const texts = [...good.map((text) => [text, true] as const), ...bad.map((text) => [text, false] as const)];

let schema: Record<string, unknown>;
beforeAll(async () => {
  const { code, stdout } = await runVictor(['config', 'schema']);
  expect(code).toBe(0);
  schema = JSON.parse(stdout) as Record<string, unknown>;
});

describe('victor config schema', () => {
  it('describes every setting, with its default where it has one', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    const { $schema: own, ...properties } = schema.properties as Record<string, Record<string, unknown>>;
    expect(own).toMatchObject({ type: 'string' });
    expect(Object.keys(properties).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    for (const one of Object.values(properties)) expect(one.description).toMatch(/\w/);
    expect(properties.maxTurns?.default).toBe(50);
    expect(properties.compaction).toMatchObject({ properties: { threshold: { default: 0.8 } } });
  });

  it('proposes what is built in, and each proposal is a valid value', () => {
    expect(schema).toMatchObject({
      properties: {
        provider: { examples: expect.arrayContaining(['anthropic', 'ollama', 'offline']) },
        compaction: { properties: { strategy: { examples: expect.arrayContaining(['recent', 'none']) } } },
        toolSelection: { properties: { strategy: { examples: expect.arrayContaining(['keyword']) } } },
        contributors: { items: { examples: expect.arrayContaining(['base', 'project-files']) } },
        configProviders: { items: { examples: expect.arrayContaining(['env', 'http', 'postgres']) } },
        exporters: { items: { examples: expect.arrayContaining(['console', 'file']) } },
      },
    });
    const proposals = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { examples = [] } = node as { examples?: readonly unknown[] };
      for (const one of examples) expect(schemaProblems(node, one)).toEqual([]);
      Object.values(node).forEach(proposals);
    };
    proposals(schema);
  });

  it('offers the options of each built-in by its name, and only where that name belongs', () => {
    const { exporters, contributors, compaction, configProviders, toolSelection } =
      schema.properties as Record<string, Node>;
    const places = {
      exporters: exporters?.items,
      contributors: contributors?.items,
      configProviders: configProviders?.items,
      compaction: compaction?.properties?.strategy,
      toolSelection: toolSelection?.properties?.strategy,
    };
    for (const place of Object.values(places)) {
      const names = place!.anyOf!.flatMap(({ prefixItems = [] }) => prefixItems[0]?.enum ?? []);
      expect(names).toEqual(place!.examples);
    }
    const own = (name: string) =>
      places.exporters!.anyOf!.find(({ prefixItems = [] }) => prefixItems[0]?.enum?.includes(name))!
        .prefixItems![1];
    expect(own('file')).toMatchObject({ required: ['path'], additionalProperties: false });
    expect(Object.keys(own('file')!.properties!)).toEqual(['path', 'format']);
    expect(schemaProblems(own('file'), { path: './x.csv', format: 'csv' })).toEqual([]);
    expect(schemaProblems(own('file'), { path: './x.csv', format: 'xml' })).toEqual(['$.format enum']);
    expect(schemaProblems(own('console'), { stream: 1 })).toEqual(['$.stream false']);
  });

  it('accepts the example file, also with every line enabled', () => {
    expect(schemaProblems(schema, parse(example))).toEqual([]);
    expect(schemaProblems(schema, parse(everything))).toEqual([]);
  });

  it('names what is wrong', () => {
    expect(schemaProblems(schema, { maxTurn: 1, compaction: { threshold: 2 } })).toEqual([
      '$.compaction.threshold maximum',
      '$.maxTurn false',
    ]);
  });

  it.each(texts)('is right about %s: %s', (text, right) => {
    expect(schemaProblems(schema, parse(text)).length === 0).toBe(right);
  });

  it.each(share(texts, 4))('and victor config validate agree on %s: %s', async (text, right) => {
    const cwd = await makeWorkspace({ 'settings.yaml': text });
    const { code } = await runVictor(['config', 'validate', 'settings.yaml'], { cwd });
    expect(code === 0).toBe(right);
  });

  const python = spawnSync('python3', ['-c', 'from jsonschema import Draft202012Validator']).status === 0;
  it.skipIf(!python)('agrees with an independent validator on all of them (python3-jsonschema)', async () => {
    const cases = [example, everything, ...good, ...bad].map((text) => parse(text) as unknown);
    const folder = await makeWorkspace();
    await writeFile(join(folder, 'schema.json'), JSON.stringify(schema));
    await writeFile(join(folder, 'cases.json'), JSON.stringify(cases));
    const program = `import json
from jsonschema import Draft202012Validator as V
schema = json.load(open('schema.json'))
V.check_schema(schema)
print(json.dumps([V(schema).is_valid(one) for one in json.load(open('cases.json'))]))`;
    const { stdout, stderr } = spawnSync('python3', ['-c', program], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([true, true, ...good.map(() => true), ...bad.map(() => false)]);
  });
});
