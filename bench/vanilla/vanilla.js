/**
 * The floor: the same screens as the kiosk's, element by element, shown by hand-written JavaScript. No framework, no
 * check of what fits, no guard. A press is answered by a server over a WebSocket, as the kiosk's is.
 */
const { style, screens } = window.SCREENS;
const SVG = 'http://www.w3.org/2000/svg';
const root = document.getElementById('root');
let wire;

for (const [name, value] of Object.entries(style.attributes)) document.documentElement.setAttribute(name, value);

function build(node, isSvg) {
  if (typeof node === 'string') return document.createTextNode(node);
  const inSvg = isSvg || node.tag === 'svg';
  const element = inSvg ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (name === 'style') element.style.cssText = value;
    else element.setAttribute(name, value);
  }
  for (const child of node.children) element.append(build(child, inSvg));
  if (node.tag === 'button') element.addEventListener('click', press);
  return element;
}

function press() {
  wire.send(JSON.stringify({ press: true }));
}

function show(index) {
  document.documentElement.style.cssText = screens[index].style;
  root.replaceChildren(...screens[index].nodes.map((node) => build(node, false)));
}

show(0);
if (location.hash === '#walk') {
  wire = new WebSocket(`ws://${location.host}/bridge`);
  wire.addEventListener('message', (event) => show(JSON.parse(event.data).screen));
}
