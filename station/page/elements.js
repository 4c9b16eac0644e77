/** The two ways in which this page makes elements. */
export function element(tag, text, attributes = {}) {
  const made = Object.assign(document.createElement(tag), attributes);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Builds the list again only when it is another one, so that focus and clicks survive the polling. */
export function list(parent, key, build) {
  if (parent.dataset.key === key) return;
  parent.dataset.key = key;
  parent.replaceChildren(...build());
}

export function lamp(panel, text, kind) {
  const shown = panel.querySelector('[data-lamp]');
  shown.textContent = text;
  shown.className = `lamp ${kind}`;
}
