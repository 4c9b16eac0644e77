/** The fleet page's style sheet, inline so that its content policy can forbid everything else. */
export const FLEET_STYLE = `
:root { --ink: #1d2a33; --soft: #5a6b76; --line: #dfe6ea; --ground: #f4f6f7; --good: #0b6b4f; --bad: #a3261d; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", sans-serif; }
header { background: #fff; border-bottom: 1px solid var(--line); padding: 20px 28px; display: grid;
  grid-template-columns: 1fr auto; gap: 12px 24px; align-items: baseline; }
h1 { margin: 0; font-size: 24px; font-weight: 600; }
h2 { margin: 0 0 10px; font-size: 17px; font-weight: 600; }
small { color: var(--soft); font-size: 0.82em; font-weight: 400; }
.line { margin: 0; } .line time { color: var(--soft); margin-left: 12px; font-variant-numeric: tabular-nums; }
dl { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 12px 40px; margin: 4px 0 0; }
dt { color: var(--soft); } dd { margin: 0; font-size: 26px; font-variant-numeric: tabular-nums; }
main { padding: 24px 28px; display: grid; gap: 20px; }
section { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 16px 20px; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 400; font-size: 13px; color: var(--soft); padding: 4px 16px 6px 0; white-space: nowrap; }
td { border-top: 1px solid var(--line); padding: 7px 16px 7px 0; font-variant-numeric: tabular-nums; }
td.code { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
td.big { font-weight: 600; } td.none { color: var(--soft); }
.mark::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 7px; border-radius: 50%;
  background: var(--soft); }
.mark.good::before { background: var(--good); }
.mark.bad { color: var(--bad); } .mark.bad::before { background: var(--bad); border-radius: 0; }
`;
