// A phone on a page: a number, a screen, a keypad. It speaks small JSON messages with the sandbox (see phone_socket.py).

import { record } from './recorder.js';
import * as sound from './sound.js';
import * as speech from './speech.js';
import { Talk } from './talk.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const NAMES = { '*': 'star', '#': 'hash' };
const RETRY = 1000;
const HEARD = ['speak', 'play', 'stop', 'beep', 'record'];
const at = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const talk = new Talk(at('voice'), (sentence) => { at('hint').textContent = sentence; });

/** What the page is doing. `kind`: off, idle, dialling, calling, incoming, talking. */
let phone = { kind: 'off', words: 'This phone has no number yet.', call: null, offer: null, since: null };
let socket = null;
let wanted = query.get('number') ? { number: query.get('number'), name: query.get('name') ?? '' } : null;
let hotline = '';
/** The recording that runs: `stop` ends it, `sent` resolves when the sandbox has it. */
let tape = null;

window.__phone = {
  get pc() { return talk.pc; },
  get kind() { return phone.kind; },
  get call() { return phone.call; },
};

function show(change) {
  phone = { ...phone, ...change };
  const { kind } = phone;
  at('state').textContent = phone.words;
  at('screen').dataset.kind = phone.trouble ? 'trouble' : kind;
  at('dial').disabled = kind !== 'idle';
  at('answer').hidden = at('decline').hidden = kind !== 'incoming';
  at('hangup').hidden = !['dialling', 'calling', 'talking'].includes(kind);
  for (const button of at('keys').children) button.disabled = !['calling', 'talking', 'idle'].includes(kind);
  document.title = kind === 'incoming' ? `☎ ${phone.words}` : 'Any phone in the world';
  if (kind === 'incoming') sound.ring();
  else if (kind !== 'calling') sound.quiet();
}

function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function about(type, more = {}) {
  say({ type, call: phone.call, ...more });
}

function connect() {
  socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/phone-socket`);
  let queue = Promise.resolve();
  // Speaking and playing take their time and must not hold back what comes after them.
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (HEARD.includes(message.type)) heard(message);
    else queue = queue.then(() => take(message)).catch((error) => broken(error));
  };
  socket.onclose = () => {
    if (phone.call) over('The connection to the sandbox was lost.');
    show({ kind: 'off', words: 'The sandbox cannot be reached. Trying again…', trouble: true });
    setTimeout(connect, RETRY);
  };
}

function broken(error) {
  at('hint').textContent = `The call could not be joined: ${error.message}`;
  if (phone.kind === 'incoming') about('decline');
  else if (phone.call) about('hangup');
  over('The call failed.');
}

async function take(message) {
  if (message.call && message.type !== 'invite' && message.type !== 'dialling' && message.call !== phone.call) return;
  switch (message.type) {
    case 'hello': return hello(message.numbers);
    case 'registered':
      wanted = { number: message.number, name: message.name };
      at('number').value = message.number;
      at('mine').textContent = `${message.number} ${message.name}`.trim();
      return show({ kind: 'idle', words: 'Ready. Calls ring here.', trouble: false });
    case 'displaced':
      wanted = null;
      over('Another page has taken this number.');
      return show({ kind: 'off', words: 'Another page has taken this number.', trouble: true });
    case 'problem':
      if (phone.kind === 'dialling') over(message.message);
      return show({ words: message.message, trouble: true });
    case 'dialling':
      // Hung up before the sandbox had a name for the call.
      if (phone.kind !== 'dialling') return say({ type: 'hangup', call: message.call });
      return show({ call: message.call });
    case 'ringing':
      sound.ringback();
      return show({ kind: 'calling', words: `It rings at ${phone.other}.` });
    case 'answered':
      await talk.accept(message.sdp);
      return show({ kind: 'talking', words: `In a call with ${phone.other}.`, since: phone.since ?? Date.now() });
    case 'accept': return talk.accept(message.sdp);
    case 'connected': return show({ kind: 'talking', words: `Connected with ${phone.other}.` });
    case 'invite':
      show({
        kind: 'incoming', call: message.call, offer: message.sdp, other: caller(message),
        words: `${caller(message)} is calling.`, trouble: false, since: null,
      });
      at('caption').textContent = '';
      at('answer').focus();
      return about('ringing');
    case 'cancel': return over('The caller has given up, or someone else answered.');
    case 'refused': return over(refusal(message));
    case 'ended': return over('The call has ended.');
    case 'want_offer': return about('done', { id: message.id, sdp: await talk.offer() });
    case 'reoffer': return about('done', { id: message.id, sdp: await talk.answer(message.sdp) });
    case 'keys':
      at('hint').textContent = 'Keys are asked for.';
      return undefined;
    case 'digit':
      sound.key(message.key);
      at('hint').textContent = `The other side pressed ${message.key}.`;
      return undefined;
    default: return undefined;
  }
}

async function heard(message) {
  if (message.call !== phone.call) return;
  if (message.type === 'stop') {
    tape?.stop();
    return speech.stop();
  }
  if (message.type === 'record') return recorded(message);
  if (message.type === 'speak') {
    at('caption').lang = message.language;
    at('caption').textContent = message.text;
    await speech.speak(message.text, message.language, message.voice);
  } else if (message.type === 'beep') {
    at('tape').textContent = 'Beep';
    at('tape').hidden = false;
    await sound.beep();
    at('tape').hidden = true;
  } else {
    at('caption').textContent = `♪ ${message.url}`;
    await speech.play(at('recording'), message.url);
  }
  say({ type: 'done', call: message.call, id: message.id });
}

/** Record the microphone and send it; the call may be over by then. */
async function recorded(message) {
  const { file, stop, since, limit } = record(await talk.listen(), message);
  let whenSent;
  tape = { stop, since, limit, sent: new Promise((resolve) => { whenSent = resolve; }) };
  drawTape();
  const body = await file;
  tape = null;
  at('tape').hidden = true;
  await fetch(`/phone-recording/${message.upload}`, { method: 'POST', body }).catch(() => {});
  say({ type: 'done', call: message.call, id: message.id });
  whenSent();
}

function drawTape() {
  at('tape').hidden = !tape;
  if (tape) at('tape').textContent = `Recording ${clock(Date.now() - tape.since)} of ${clock(tape.limit * 1000)}`;
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function hello(numbers) {
  hotline = numbers[0] ?? '';
  at('hotlines').replaceChildren(...numbers.map((number) => new Option(`The sandbox's number`, number)));
  if (!at('to').value) at('to').value = hotline;
  show({ kind: 'off', words: 'This phone has no number yet.', trouble: false });
  if (wanted) say({ type: 'register', ...wanted });
}

function caller(message) {
  return message.name && message.name !== message.from ? `${message.name} (${message.from})` : message.from || 'Somebody';
}

function refusal({ status }) {
  const words = {
    403: 'The call was refused.', 404: 'This number does not exist.', 408: 'Nobody answered.', 480: 'Nobody answered.',
    486: 'The line is busy.', 487: 'The call was cancelled.', 603: 'The call was refused.',
  };
  return words[status] ?? `The call failed (${status}).`;
}

function over(words) {
  speech.stop();
  tape?.stop();
  at('tape').hidden = true;
  sound.quiet();
  talk.close();
  show({ kind: wanted ? 'idle' : 'off', words, call: null, offer: null, since: null, trouble: false });
}

async function dial(to) {
  show({ kind: 'dialling', words: `Calling ${to}…`, other: to, call: null, since: null, trouble: false });
  at('caption').textContent = '';
  at('hint').textContent = '';
  const sdp = await talk.offer();
  if (phone.kind === 'dialling') say({ type: 'dial', to, sdp });
}

async function answer() {
  if (phone.kind !== 'incoming') return;
  const { call, offer } = phone;
  show({ kind: 'talking', words: `In a call with ${phone.other}.`, since: Date.now() });
  try {
    const sdp = await talk.answer(offer);
    say({ type: 'answer', call, sdp });
  } catch (error) {
    say({ type: 'hangup', call });
    over(`The call could not be answered: ${error.message}`);
  }
}

function decline() {
  if (phone.kind !== 'incoming') return;
  about('decline');
  over('You declined the call.');
}

function hangUp() {
  const { call } = phone;
  // What was recorded goes first: nobody takes it any more when the call is over.
  const before = tape?.sent ?? null;
  over('You ended the call.');
  if (before) before.then(() => say({ type: 'hangup', call }));
  else if (call) say({ type: 'hangup', call });
}

function press(key) {
  sound.unlock();
  sound.key(key);
  at('hint').textContent = '';
  if (phone.call && phone.kind !== 'incoming') about('digit', { key });
  else if (phone.kind === 'idle') at('to').value += key;
}

at('keys').replaceChildren(...KEYS.map((key) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = key;
  button.dataset.testid = `key-${NAMES[key] ?? key}`;
  button.setAttribute('aria-label', NAMES[key] ?? key);
  button.onclick = () => press(key);
  return button;
}));
at('registration').onsubmit = (event) => {
  event.preventDefault();
  sound.unlock();
  wanted = { number: at('number').value, name: query.get('name') ?? '' };
  say({ type: 'register', ...wanted });
};
at('dialling').onsubmit = (event) => {
  event.preventDefault();
  sound.unlock();
  if (phone.kind === 'idle') dial(at('to').value.trim() || hotline).catch(broken);
};
at('answer').onclick = () => { sound.unlock(); answer(); };
at('decline').onclick = decline;
at('hangup').onclick = hangUp;
addEventListener('pointerdown', sound.unlock);
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === 'Escape' && phone.kind === 'incoming') decline();
  else if (event.key === 'Escape' && !at('hangup').hidden) hangUp();
  else if (event.key === 'Enter' && phone.kind === 'incoming' && !(event.target instanceof HTMLButtonElement)) {
    event.preventDefault();
    answer();
  } else if (!typing && KEYS.includes(event.key) && ['talking', 'calling'].includes(phone.kind)) press(event.key);
});
setInterval(() => {
  at('timer').textContent = phone.since && phone.kind === 'talking' ? clock(Date.now() - phone.since) : '';
  if (tape) drawTape();
}, 500);

if (wanted) at('number').value = wanted.number;
show({});
connect();
