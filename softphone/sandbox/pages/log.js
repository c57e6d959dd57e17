// Draws every call as a ladder: phone – Plivo – our service. Reads the records again whenever the sandbox says they have changed.

const LANES = {
  from_phone: { side: 'left', way: 'east' },
  to_phone: { side: 'left', way: 'west' },
  asked: { side: 'right', way: 'east' },
  replied: { side: 'right', way: 'west' },
  rest: { side: 'right', way: 'west' },
};
const box = document.getElementById('calls');
const link = document.getElementById('link');
const drawn = new Map();
let reading = false;
let again = false;

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** XML with one element a line; as it came when it is not well formed. */
function pretty(text) {
  const tree = new DOMParser().parseFromString(text, 'application/xml');
  if (tree.querySelector('parsererror') || !tree.documentElement) return text;
  const lines = [];
  const walk = (node, depth) => {
    const pad = '  '.repeat(depth);
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim()) lines.push(pad + escaped(node.data.trim()));
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const tag = [node.nodeName, ...[...node.attributes].map((one) => `${one.name}="${escaped(one.value)}"`)].join(' ');
    const only = node.childNodes.length === 1 && node.firstChild.nodeType === Node.TEXT_NODE;
    if (!node.childNodes.length) lines.push(`${pad}<${tag}/>`);
    else if (only) lines.push(`${pad}<${tag}>${escaped(node.textContent.trim())}</${node.nodeName}>`);
    else {
      lines.push(`${pad}<${tag}>`);
      node.childNodes.forEach((child) => walk(child, depth + 1));
      lines.push(`${pad}</${node.nodeName}>`);
    }
  };
  walk(tree.documentElement, 0);
  return lines.join('\n');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function drawStep(step) {
  const lane = LANES[step.kind];
  // A short remark stands under the title; anything longer is folded away.
  const short = step.detail && !step.detail.includes('\n') && !step.xml;
  const words = [step.title, short ? make('span', 'said', step.detail) : null];
  const label = lane ? make('div', `arrow ${lane.side} ${lane.way}`, ...words) : make('div', 'note', ...words);
  const text = short ? [] : [step.detail, step.xml ? pretty(step.xml) : ''].filter(Boolean);
  let more = null;
  if (text.length) {
    more = make('details', 'more', make('summary', '', step.xml ? 'XML' : 'details'), ...text.map((one) => make('pre', '', one)));
    more.open = Boolean(step.xml) || step.kind === 'error';
  }
  const row = make('li', step.kind === 'error' ? 'error' : '', make('div', 'ms', `${step.ms} ms`), make('div', 'wire', label, more));
  row.dataset.kind = step.kind;
  return row;
}

function heading(call) {
  const end = call.hangup;
  const bad = call.steps.some((step) => step.kind === 'error');
  const words = end ? `${end.code} ${end.name}, by ${end.source}` : call.state;
  return [
    make('span', 'who', `${call.from} → ${call.to}`),
    make('span', end ? (bad ? 'badge bad' : 'badge') : 'badge live', words),
    make('span', 'soft small', new Date(call.started_at).toLocaleTimeString()),
    make('code', 'soft', call.call_uuid),
  ];
}

function draw(call, newest) {
  let seen = drawn.get(call.call_uuid);
  if (!seen) {
    const summary = make('summary', '');
    const steps = make('ol', 'steps');
    const heads = make('div', 'heads', make('span', '', 'Phone'), make('span', '', 'Plivo'), make('span', '', 'Our service'));
    const card = make('details', 'card call', summary, make('div', 'lanes', heads, steps));
    card.dataset.testid = 'call';
    card.dataset.call = call.call_uuid;
    card.open = newest;
    seen = { card, summary, steps, count: 0 };
    drawn.set(call.call_uuid, seen);
    box.prepend(card);
  }
  seen.summary.replaceChildren(...heading(call));
  for (const step of call.steps.slice(seen.count)) seen.steps.append(drawStep(step));
  seen.count = call.steps.length;
}

async function read() {
  if (reading) { again = true; return; }
  reading = true;
  do {
    again = false;
    const { calls } = await (await fetch('/_sandbox/calls')).json();
    document.getElementById('none').hidden = calls.length > 0;
    calls.forEach((call, index) => draw(call, index === calls.length - 1));
    for (const [uuid, seen] of drawn) {
      if (calls.some((call) => call.call_uuid === uuid)) continue;
      seen.card.remove();
      drawn.delete(uuid);
    }
  } while (again);
  reading = false;
}

const events = new EventSource('/_sandbox/events');
events.addEventListener('calls', () => { read().catch(() => { reading = false; }); });
events.onopen = () => { link.textContent = 'live'; };
events.onerror = () => { link.textContent = 'not connected; trying again'; };
