// What the pretend account holds, and who is registered. Read again every two seconds.

const at = (id) => document.getElementById(id);
const EVERY = 2000;

function rows(id, list, none) {
  const body = list.length ? list : [[none, '']];
  at(id).replaceChildren(...body.map(([head, ...cells]) => {
    const row = document.createElement('tr');
    const first = document.createElement('th');
    first.scope = 'row';
    first.textContent = head;
    row.append(first, ...cells.map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }));
    return row;
  }));
}

function device(state, username) {
  const found = state.registrations.filter((one) => one.user === username || one.user === `${username}_${state.auth_id}`);
  if (!found.length) return 'not registered';
  return found.map((one) => `registered until ${new Date(one.expires_at).toLocaleTimeString()} (${one.with_token ? 'token' : 'password'})`).join(', ');
}

async function read() {
  const state = await (await fetch('/_sandbox/state')).json();
  const name = (id) => state.applications.find((one) => one.app_id === id)?.app_name ?? 'no application';
  rows('account', [['Auth ID', state.auth_id], ['Signalling', `ws://${location.host}/signalling`], ['API', location.origin], ['Live calls', String(state.live_calls.length)]]);
  rows('numbers', state.numbers.map((one) => [one.number, name(one.app_id)]), 'none');
  rows('applications', state.applications.map((one) => [one.app_name, one.answer_url]), 'none yet');
  rows('endpoints', state.endpoints.map((one) => [one.username, device(state, one.username)]), 'none yet');
  rows('phones', state.phones.map((one) => [one.number, one.name, one.in_call ? 'in a call' : 'idle']), 'none');
  const life = state.options.minted_life;
  rows('options', [['Longest life of minted tokens', life === null ? '24 hours' : `${life} s`], ['Faults set', String(state.faults.length)]]);
  at('refuse').checked = state.options.refuse_local_tokens;
}

function send(path, body) {
  return fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

at('refuse').onchange = () => send('/_sandbox/options', { refuse_local_tokens: at('refuse').checked });
at('cut').onclick = () => send('/_sandbox/sockets/close', {});
setInterval(() => read().catch(() => {}), EVERY);
read();
