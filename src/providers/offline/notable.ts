/** What a reviewer would want to look at first, found by pattern alone. */
export interface NotableKind {
  readonly label: string;
  readonly pattern: RegExp;
  /** Looked for in added lines, in removed lines, or in any text. */
  readonly where: 'added' | 'removed';
  /** The line must not be repeated: it may hold a secret. */
  readonly secret?: boolean;
}

const SECRET =
  /AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|\bsk-[A-Za-z0-9_-]{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[\w-]{10,}\.eyJ[\w-]{10,}|(?:password|passwd|secret|token|api_?key|access_?key)["']?\s*[:=]\s*["'][^"'\s${}<>]{8,}["']/i;

export const notableKinds: readonly NotableKind[] = [
  { label: 'merge conflict marker', pattern: /^(?:<{7} |>{7} |={7}$)/, where: 'added' },
  { label: 'looks like a secret', pattern: SECRET, where: 'added', secret: true },
  {
    label: 'focused or skipped test',
    pattern:
      /\b(?:describe|it|test)\.(?:only|skip)\b|\bf(?:describe|it)\(|\bx(?:describe|it)\(|@pytest\.mark\.skip|\bt\.Skip\(|@(?:Disabled|Ignore)\b|#\[ignore\]/,
    where: 'added',
  },
  {
    label: 'removed test',
    pattern:
      /^\s*(?:(?:it|test|describe)(?:\.\w+)?\(\s*["'`]|(?:async )?def test_|func Test[A-Z_]|@Test\b|#\[test\])/,
    where: 'removed',
  },
  {
    label: 'debugging left in',
    pattern:
      /\bconsole\.(?:log|debug|trace)\(|^\s*debugger;?\s*$|\bbinding\.pry\b|\bpdb\.set_trace\(|\bbreakpoint\(\)|\bdbg!\(|\bvar_dump\(|\bfmt\.Print(?:ln|f)\("(?:DEBUG|here|XXX)/i,
    where: 'added',
  },
  {
    label: 'swallowed error',
    pattern:
      /\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}|\bexcept[^:]*:\s*pass\b|\.catch\(\(\)\s*=>\s*(?:\{\s*\}|undefined|null)\)/,
    where: 'added',
  },
  {
    label: 'silenced check',
    pattern:
      /eslint-disable|biome-ignore|@ts-(?:ignore|nocheck|expect-error)|#\s*type:\s*ignore|#\s*noqa|\bnolint\b|#\[allow\(/,
    where: 'added',
  },
  {
    label: 'runs text as code',
    pattern: /\beval\(|\bnew Function\(|\bexec\(\s*["'`f]|dangerouslySetInnerHTML|shell\s*[:=]\s*[Tt]rue/,
    where: 'added',
  },
  { label: 'note to self', pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/, where: 'added' },
];

/** Hides what may be a secret in a line that is shown for another reason. */
export function withoutSecrets(text: string): string {
  return text.replace(new RegExp(SECRET.source, 'gi'), '[hidden: looks like a secret]');
}
