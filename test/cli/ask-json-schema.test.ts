import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { promptIn, type RequestBody, scriptedModel } from '../helpers/ask-model.js';
import { startModelServer } from '../helpers/model-server.js';
import { finish, runShell, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const schema = {
  type: 'object',
  properties: {
    verdict: { type: 'string', enum: ['good', 'bad'] },
    files: { type: 'array', items: { type: 'string' } },
  },
  required: ['verdict', 'files'],
  additionalProperties: false,
};
const inline = JSON.stringify(schema);
const good = { verdict: 'good', files: ['a.ts'] };
const valid = { text: JSON.stringify(good) };

interface Body extends RequestBody {
  readonly output_config?: { readonly format: unknown };
}

describe.concurrent('victor ask --json-schema', () => {
  it('prints the JSON alone, which jq reads; the model gets the schema in words and as its format', async () => {
    const { env, lastBody } = await scriptedModel(valid);
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'verdict.json'), `\ufeff${JSON.stringify(schema, null, 2)}\r\n`);
    const line = 'victor ask "review" --json-schema verdict.json | jq -r .verdict,.files[0]';
    const result = await runShell(line, { env, cwd });
    expect(result).toMatchObject({ code: 0, stdout: 'good\na.ts\n', stderr: '' });
    const body = lastBody() as Body;
    expect(body.output_config).toEqual({ format: { type: 'json_schema', schema } });
    expect(promptIn(body)).toMatch(/^review\n\n.*one JSON value/);
    expect(promptIn(body)).toContain(inline);
  });

  it.each([
    ['in a block of code', '```json\n{ "verdict": "good", "files": [] }\n```'],
    [
      'in the only block, among words',
      'Here it is:\r\n\r\n~~~\r\n{"verdict":"good","files":[]}\r\n~~~\r\nDone.',
    ],
  ])('takes JSON %s without asking again', async (_, text) => {
    const { ask, server } = await scriptedModel({ text });
    const result = await ask(['review', '--json-schema', inline]);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({ verdict: 'good', files: [] });
    expect(server.requests).toHaveLength(1);
  });

  it('says of the last message only: what comes before a tool call is not printed', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'content\n');
    const look = { text: '{"verdict":"bad"}', toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const { ask } = await scriptedModel(look, valid);
    expect(await ask(['review', '--json-schema', inline, '-q'], { cwd })).toMatchObject({
      code: 0,
      stdout: `${valid.text}\n`,
      stderr: '',
    });
  });

  it('tells the model what was wrong, in the same session, and prints what it sends then', async () => {
    const wrong = { text: JSON.stringify({ verdict: 'fine', files: 'a.ts', more: 1 }) };
    const { ask, server, lastBody } = await scriptedModel({ text: 'It is good.' }, wrong, valid);
    const result = await ask(['review', '--json-schema', inline]);
    expect(result).toMatchObject({ code: 0, stdout: `${valid.text}\n` });
    const [, second, third] = server.requests.map(({ body }) => promptIn(body as RequestBody));
    expect(second).toMatch(
      /not what the JSON schema in <answer-schema> asks for:\n- The answer was not JSON/,
    );
    expect(third).toContain('- /verdict: Instance does not match any of ["good","bad"].');
    expect(third).toContain('- /files: Instance type "string" is invalid. Expected "array".');
    expect(third).toContain('- /more: Nothing may stand here.');
    expect(lastBody().messages).toHaveLength(5);
  });

  it('gives up after three answers: exit code 6, nothing on stdout, and the JSON result says why', async () => {
    const { ask, server } = await scriptedModel({ text: '{"verdict":"fine","files":[]}' });
    const result = await ask(['review', '--json-schema', inline]);
    expect(result).toMatchObject({ code: 6, stdout: '' });
    expect(result.stderr).toMatch(
      /^victor: 3 answers, and none is what --json-schema asks for\. \/verdict: /,
    );
    expect(server.requests).toHaveLength(3);
    const told = await ask(['review', '--json-schema', inline, '--json']);
    expect(told.code).toBe(6);
    expect(JSON.parse(told.stdout)).toMatchObject({
      subtype: 'invalid',
      is_error: true,
      schema_problems: [expect.stringContaining('/verdict')],
      num_turns: 3,
    });
    expect(JSON.parse(told.stdout)).not.toHaveProperty('structured_output');
  });

  it('all its answers together stay within the limits of one turn', async () => {
    const { ask, server } = await scriptedModel({ text: 'no' });
    expect(await ask(['review', '--json-schema', inline, '--max-turns', '2'])).toMatchObject({ code: 6 });
    expect(server.requests).toHaveLength(2);
    const usage = { inputTokens: 60, outputTokens: 1 };
    const costly = await scriptedModel({ text: 'no', usage });
    expect(await costly.ask(['review', '--json-schema', inline, '--max-total-tokens', '100'])).toMatchObject({
      code: 6,
    });
    expect(costly.server.requests).toHaveLength(2);
  });

  it('a limit, a refused call and a signal keep their exit codes; only a valid answer is printed', async () => {
    const bash = { toolCalls: [{ name: 'Bash', input: { command: 'touch made' } }] };
    const limited = await scriptedModel(bash);
    const flags = ['--json-schema', inline];
    expect(await limited.ask(['go', '--max-turns', '1', ...flags])).toMatchObject({ code: 5, stdout: '' });
    const refused = await scriptedModel(bash, valid);
    expect(await refused.ask(['go', ...flags])).toMatchObject({ code: 4, stdout: `${valid.text}\n` });
    const slow = await scriptedModel({ ...valid, chunks: 9, delayMs: 2_000 });
    const child = startVictor(['ask', 'go', ...flags], { env: slow.env });
    await slow.server.arrival(1);
    child.kill('SIGINT');
    expect(await finish(child)).toMatchObject({ code: 130, stdout: '' });
  });

  it('asks in words alone when the provider refuses the schema, and when it would', async () => {
    const refusal = {
      error: { kind: 'invalid-request', message: 'output_config: schema too complex' },
    } as const;
    const { ask, server } = await scriptedModel(refusal, valid);
    expect(await ask(['review', '--json-schema', inline])).toMatchObject({
      code: 0,
      stdout: `${valid.text}\n`,
    });
    const bodies = server.requests.map(({ body }) => (body as Body).output_config !== undefined);
    expect(bodies).toEqual([true, false]);
    expect((server.requests[1]!.body as Body).messages).toHaveLength(1);
    const open = JSON.stringify({ type: 'object', required: ['verdict'] });
    const later = await scriptedModel({ toolCalls: [{ name: 'List', input: { path: '.' } }] }, refusal);
    expect(await later.ask(['review', '--json-schema', inline])).toMatchObject({ code: 1, stdout: '' });
    expect(later.server.requests).toHaveLength(2);
    const cwd = temporaryDirectory();
    const flags = ['review', '--json-schema', inline, '-q'];
    const recorded = await scriptedModel(refusal, valid);
    const result = await recorded.ask([...flags, '--record', 'traffic.json'], { cwd });
    expect(result).toMatchObject({ code: 0 });
    expect(await runVictor(['ask', ...flags, '--replay', 'traffic.json'], { cwd })).toMatchObject({
      code: 0,
      stdout: `${valid.text}\n`,
    });
    const words = await scriptedModel(valid);
    expect(await words.ask(['review', '--json-schema', open])).toMatchObject({ code: 0 });
    expect(words.lastBody()).not.toHaveProperty('output_config');
  });

  it.each([
    ['without a key', []],
    ['where offline was chosen', ['-m', 'offline']],
  ])(
    '%s it ends with 2 and says how to have a model; what is found in files is no answer, also not JSON',
    async (_, flags) => {
      const cwd = temporaryDirectory();
      writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }');
      const args = ['ask', 'what is the type?', '--json-schema', '{"type":"object"}', ...flags];
      const env = { VICTOR_HOME: temporaryDirectory() };
      for (const more of [[], ['--json']]) {
        expect(await runVictor([...args, ...more], { env, cwd })).toMatchObject({
          code: 2,
          stdout: '',
          stderr: expect.stringMatching(
            /^victor: no model is set up, .*ANTHROPIC_API_KEY.*--model ollama\/NAME/,
          ),
        });
      }
      expect(await runVictor(['sessions', 'list'], { env, cwd })).toMatchObject({ stdout: '' });
    },
  );

  it('a server that only speaks the protocol is asked in words: it would hold calls of tools to the schema too', async () => {
    const server = await startModelServer([valid]);
    try {
      const env = { OPENAI_BASE_URL: server.openAIUrl, OPENAI_API_KEY: 'test-key' };
      const args = ['ask', 'review', '-m', 'openai/local', '--json-schema', inline];
      expect(await runVictor(args, { env })).toMatchObject({ code: 0, stdout: `${valid.text}\n` });
      expect(server.requests[0]!.body).not.toHaveProperty('response_format');
    } finally {
      await server.close();
    }
  });

  it('--json has the value beside the text; numbers that JavaScript would round are printed as they came', async () => {
    const any = JSON.stringify({ type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] });
    const { ask } = await scriptedModel({ text: '{"id":12345678901234567890}' });
    expect(await ask(['hi', '--json-schema', any])).toMatchObject({
      code: 0,
      stdout: '{"id":12345678901234567890}\n',
    });
    const told = await scriptedModel(valid);
    const result = await told.ask(['hi', '--json-schema', inline, '--json']);
    expect(JSON.parse(result.stdout)).toMatchObject({
      subtype: 'success',
      result: valid.text,
      structured_output: good,
    });
  });

  it('no character of the answer steers a terminal', async () => {
    const { ask } = await scriptedModel({ text: '{"verdict":"good","files":["a\u009b2Jb\u202e"]}' });
    const { stdout } = await ask(['hi', '--json-schema', inline]);
    expect(stdout).toBe('{"verdict":"good","files":["a\\u009b2Jb\\u202e"]}\n');
  });

  it('what is nested without an end is refused, and the model told', async () => {
    const open = JSON.stringify({ type: 'object', additionalProperties: true });
    const deep = `${'{"a":['.repeat(60_000)}"\\"]"${']}'.repeat(60_000)}`;
    const { ask, lastBody } = await scriptedModel({ text: deep }, { text: '{"a":[[[["\\"[["]]]]}' });
    for (const flags of [[], ['--json']]) {
      const result = await ask(['hi', '--json-schema', open, ...flags]);
      expect(result.code).toBe(0);
      if (flags.length === 0) expect(promptIn(lastBody())).toContain('nested deeper than 200 levels');
    }
  });

  it('what a run with corrections was recorded as plays again', async () => {
    const cwd = temporaryDirectory();
    const { ask } = await scriptedModel({ text: 'no' }, valid);
    const flags = ['hi', '--json-schema', inline, '-q'];
    const recorded = await ask([...flags, '--record', 'traffic.json'], { cwd });
    expect(recorded).toMatchObject({ code: 0, stdout: `${valid.text}\n` });
    const played = await runVictor(['ask', ...flags, '--replay', 'traffic.json'], { cwd });
    expect(played).toMatchObject({ code: 0, stdout: `${valid.text}\n` });
  });

  it('flags may stand before the prompt without a command, and -p before both', async () => {
    const { env } = await scriptedModel(valid);
    for (const argv of [
      ['--json-schema', inline, 'review the change'],
      ['-p', '--json-schema', inline, 'review'],
    ]) {
      expect(await runVictor(argv, { env })).toMatchObject({ code: 0, stdout: `${valid.text}\n` });
    }
  });

  it.each([
    ['a file that is not there', 'gone.json', /gone\.json .*Name a file with a JSON schema/],
    ['no JSON', '{ type: object }', /after --json-schema is not JSON/],
    ['no schema', 'list.json', /list\.json is no JSON schema: it must be an object/],
    ['a type that there is not', '{"properties":{"a":{"type":"strnig"}}}', /properties\.a\.type: /],
    ['a keyword of the wrong kind', '{"required":"a"}', /required: .*array/],
    ['a pattern that is none', '{"items":{"pattern":"("}}', /items\.pattern: .*regular expression/],
    [
      'a reference to nothing',
      '{"anyOf":[{"$ref":"#/$defs/a"}]}',
      /anyOf\.0\.\$ref: there is no #\/\$defs\/a/,
    ],
    ['references in a circle', '{"$ref":"#"}', /lead round in a circle/],
    ['a reference to elsewhere', '{"$ref":"other.json"}', /only parts of the schema itself/],
    ['a pipe', 'pipe', /pipe .*Name a file/],
  ])('%s: exit code 2 before anything is asked', async (_, given, said) => {
    const { ask, server } = await scriptedModel(valid);
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'list.json'), '[]');
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const result = await ask(['hi', '--json-schema', given], { cwd });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(said);
    expect(server.requests).toHaveLength(0);
  });

  it('a schema may refer to itself, and the file is found from --cwd on', async () => {
    const cwd = temporaryDirectory();
    const tree = {
      $defs: { n: { properties: { c: { items: { $ref: '#/$defs/n' } } }, required: ['c'] } },
      $ref: '#/$defs/n',
    };
    writeFileSync(join(cwd, 'tree.json'), JSON.stringify(tree));
    const { ask } = await scriptedModel({ text: '{"c":[{"c":[{}]}]}' }, { text: '{"c":[{"c":[]}]}' });
    const result = await ask(['hi', '--json-schema', 'tree.json', '-C', cwd]);
    expect(result).toMatchObject({ code: 0, stdout: '{"c":[{"c":[]}]}\n' });
  });
});
