import { RuleList } from './rule-list.js';

/** Rules as the settings hold them. */
export interface PermissionRules {
  /** `Tool` or `Tool(pattern)`: what runs without asking. */
  readonly allow: readonly string[];
  readonly ask: readonly string[];
  readonly deny: readonly string[];
}

export interface CompiledRules {
  readonly allow: RuleList;
  readonly ask: RuleList;
  readonly deny: RuleList;
}

const compiled = new WeakMap<Partial<PermissionRules>, CompiledRules>();

/** Compiled once for each settings object: deciding a call builds no expression. */
export function rulesOf(rules: Partial<PermissionRules>): CompiledRules {
  let lists = compiled.get(rules);
  if (!lists) {
    lists = {
      allow: new RuleList(rules.allow ?? [], { refuses: false }),
      ask: new RuleList(rules.ask ?? [], { refuses: true }),
      deny: new RuleList(rules.deny ?? [], { refuses: true }),
    };
    compiled.set(rules, lists);
  }
  return lists;
}
