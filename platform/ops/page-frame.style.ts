/** The style sheet of the operations pages, inline so that their content policy can forbid everything else. */
export const OPS_STYLE = `
:root { --ink: #1d2a33; --soft: #5a6b76; --line: #dfe6ea; --ground: #f4f6f7; --good: #0b6b4f; --warn: #8a5a00;
  --bad: #a3261d; --link: #0c5a8a; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.45 system-ui, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", sans-serif; }
header { background: #fff; border-bottom: 1px solid var(--line); padding: 0 28px; display: flex; gap: 24px;
  justify-content: space-between; align-items: center; }
header nav { display: flex; gap: 4px; }
header nav a { padding: 14px 14px 11px; border-bottom: 3px solid transparent; color: var(--ink); text-decoration: none; }
header nav a[aria-current] { border-color: var(--link); font-weight: 600; }
.when { margin: 0; } .when time { color: var(--soft); margin-left: 12px; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 22px; font-weight: 600; }
h2 { margin: 0 0 8px; font-size: 16px; font-weight: 600; }
small { color: var(--soft); font-size: 0.82em; font-weight: 400; }
a { color: var(--link); }
main { padding: 18px 28px 32px; display: grid; gap: 14px; grid-template-columns: minmax(0, 1fr); }
dl { display: flex; flex-wrap: wrap; gap: 10px 40px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums; }
section { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 14px 18px; overflow-x: auto; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 14px; align-items: start; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 400; font-size: 13px; color: var(--soft); padding: 2px 14px 6px 0; white-space: nowrap;
  vertical-align: bottom; }
th small { display: block; }
td { border-top: 1px solid var(--line); padding: 6px 14px 6px 0; font-variant-numeric: tabular-nums; vertical-align: top; }
td.code, span.code, p.code { font: 13px/1.6 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
td.big { font-weight: 600; } td.none { color: var(--soft); } td.fit { white-space: nowrap; }
td.zero { color: #9aa8b0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 8px; }
.tiles a { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px 6px; text-decoration: none;
  color: var(--ink); display: block; }
.tiles a[aria-current] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.tiles b { display: block; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.25; }
.tiles span { font-size: 13px; } .tiles small { display: block; line-height: 1.2; }
.tiles .bad b { color: var(--bad); } .tiles .warn b { color: var(--warn); } .tiles .nothing b { color: #9aa8b0; }
form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin: 0; }
label { display: grid; gap: 2px; font-size: 13px; color: var(--soft); }
input, select, textarea, button { font: inherit; color: var(--ink); padding: 6px 10px; border: 1px solid #b9c6cd; border-radius: 6px;
  background: #fff; }
input:focus-visible, select:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible {
  outline: 3px solid #8cc3e6; outline-offset: 1px; }
button { background: var(--link); border-color: var(--link); color: #fff; cursor: pointer; padding: 6px 16px; }
button small { color: inherit; }
button.plain { background: #fff; color: var(--link); }
textarea { width: 100%; min-height: 72px; } label.wide { flex: 1 1 100%; }
.bar { display: flex; flex-wrap: wrap; gap: 12px 24px; justify-content: space-between; align-items: end; }
.pager a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.pager { display: flex; gap: 16px; align-items: baseline; } .pager p { margin: 0; color: var(--soft); }
.mark { white-space: nowrap; }
.mark::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 7px; border-radius: 50%;
  background: var(--soft); }
.mark.good::before { background: var(--good); }
.mark.warn { color: var(--warn); } .mark.warn::before { background: var(--warn); border-radius: 0; transform: rotate(45deg); }
.mark.bad { color: var(--bad); } .mark.bad::before { background: var(--bad); border-radius: 0; }
.marks { display: grid; gap: 2px; } dl + .marks { display: flex; flex-wrap: wrap; gap: 4px 24px; margin-top: 12px; }
section form { margin-top: 12px; } .bar form { margin: 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 14px 0 0; }
section p { margin: 0 0 6px; }
.share { display: flex; height: 10px; border-radius: 5px; overflow: hidden; background: var(--line); min-width: 160px; }
ol.timeline { list-style: none; margin: 0; padding: 0; }
ol.timeline li { display: grid; grid-template-columns: 132px 1fr; gap: 14px; padding: 7px 0; border-top: 1px solid var(--line); }
ol.timeline time { color: var(--soft); font-variant-numeric: tabular-nums; }
ol.timeline p { margin: 0; } ol.timeline p + p { color: var(--soft); font-size: 13px; }
p.problem { margin: 0; color: var(--bad); }
`;
