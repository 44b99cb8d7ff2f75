/** The look of the page, in light and in dark as the reader's system has it. */
export const styles = `
:root { --back: #ffffff; --text: #1f2328; --dim: #656d76; --grid: #d8dee4; --s0: #0969da; --s1: #bc4c00; --s2: #1a7f37; --s3: #8250df; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --text: #e6edf3; --dim: #8d96a0; --grid: #30363d; --s0: #4493f8; --s1: #f0883e; --s2: #3fb950; --s3: #ab7df8; }
}
body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
.sum { font-size: 1.1rem; margin: .3rem 0; }
.note { color: var(--dim); font-size: .85rem; margin: .3rem 0; }
.note span { margin-right: 1.2rem; }
.note i { display: inline-block; width: .7rem; height: .7rem; margin-right: .4rem; }
svg { display: block; width: 100%; min-width: 40rem; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: var(--text); }
svg text.axis { fill: var(--dim); font-size: 12px; }
.grid { stroke: var(--grid); }
.s0 { fill: var(--s0); background: var(--s0); }
.s1 { fill: var(--s1); background: var(--s1); }
.s2 { fill: var(--s2); background: var(--s2); }
.s3 { fill: var(--s3); background: var(--s3); }
.unknown { fill: none; stroke: var(--dim); border: 1px solid var(--dim); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; border-bottom: 1px solid var(--grid); }
th { color: var(--dim); font-weight: normal; }
`;
