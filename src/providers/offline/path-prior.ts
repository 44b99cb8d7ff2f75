import type { Question } from './question.js';

const SOURCE =
  /\.(?:[cm]?[jt]sx?|py|pyx|go|rs|rb|java|kts?|scala|swift|c|h|cc|cpp|cxx|hpp|hh|m|mm|cs|fs|vb|php|pl|pm|lua|exs?|erl|hs|ml|clj[sc]?|dart|r|jl|nim|zig|sh|bash|zsh|fish|ps1|sql|graphql|proto|vue|svelte|astro|tf|el|vim)$/i;
const SETTINGS =
  /\.(?:json[c5]?|ya?ml|toml|ini|cfg|conf|properties|xml|gradle|env|mod|cmake)$|(?:^|\/)(?:Makefile|Dockerfile|Rakefile|Gemfile|Procfile|Justfile|\.[a-z]+rc)$/i;
const DOCUMENT =
  /\.(?:md|mdx|rst|adoc|txt|html?)$|(?:^|\/)(?:README|CONTRIBUTING|LICENSE|AUTHORS|NOTICE)[^/]*$/i;
const LOG_OF_CHANGES = /(?:^|\/)(?:CHANGE(?:LOG|S)|HISTORY|NEWS|RELEASES?|LICENSE|AUTHORS)[^/]*$/i;
const GENERATED =
  /\.min\.|\.map$|\.snap$|\.lock$|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum|Cargo\.lock|yarn\.lock)$|(?:^|\/)(?:dist|build|out|target|coverage|vendor|third_party|node_modules|\.next|__generated__|generated)\/|_pb2?\.(?:py|go)$|\.pb\.go$|\.generated\./i;
const TEST =
  /(?:^|\/)(?:tests?|testing|__tests__|specs?|e2e|testdata|fixtures?|__mocks__|mocks?)\/|(?:^|\/)test_[^/]*$|[._-](?:test|tests|spec)\.[^/.]+$|_test\.[^/.]+$|(?:^|\/)conftest\.py$/i;
const EXAMPLE =
  /(?:^|\/)(?:examples?|samples?|demos?|benchmarks?|bench|playground|sandbox|scripts|tools?\/scripts)\//i;
const TYPES_ONLY = /\.d\.[cm]?ts$/i;

/** How likely a kind of file is to hold the answer before its words are looked at: 1 for source, near 0 for generated files. */
export function pathPrior(path: string, about: Question['about']): number {
  if (GENERATED.test(path)) return 0.08;
  let prior = kindPrior(path, about);
  if (TEST.test(path) !== about.tests) prior *= about.tests ? 0.5 : 0.25;
  if (EXAMPLE.test(path)) prior *= 0.6;
  if (TYPES_ONLY.test(path)) prior *= 0.45;
  return prior;
}

function kindPrior(path: string, about: Question['about']): number {
  if (LOG_OF_CHANGES.test(path)) return 0.2;
  if (/\.sql$|\.prisma$/i.test(path)) return 1;
  if (SOURCE.test(path)) return 1;
  if (SETTINGS.test(path)) return about.settings ? 0.95 : 0.5;
  if (DOCUMENT.test(path)) return about.documents ? 1.1 : 0.45;
  return 0.4;
}
