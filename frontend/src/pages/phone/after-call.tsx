/** After a hotline's call: the pause, how it went, a note. Everything is at the server, so a reload loses nothing. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { amReady, chooseOutcome, hotline, keepNote, putAway, serverNow, trouble, wasHard } from '../../hotline/duty';
import { askedAbout, pauseLeft } from '../../hotline/state';
import type { OwnCall } from '../../server/hotline';
import { words } from '../../words';
import { languageName, labelOf } from './caller';
import { clockFace, useSeconds } from './ticking';

/** How long after the last key a note is saved, in milliseconds. */
const NOTE_RESTS = 700;

/** The pause in the state card: what is left of it, and its two ways out. */
export function Pause() {
  const say = words.value.hotline;
  useSeconds();
  const { last } = hotline.value;
  return (
    <>
      <p class="timer numbers" data-testid="pause" role="timer">{clockFace(pauseLeft(hotline.value, serverNow()))}</p>
      <p class="lead">{last?.hard === true ? say.hardSaid : say.pauseHint}</p>
      {last !== null && (
        <div class="row call-buttons">
          <button type="button" class="button main large" data-testid="ready-again" onClick={() => void amReady(last.id)}>
            {say.ready} <kbd class="key" aria-hidden="true">R</kbd>
          </button>
          {!last.hard && (
            <button type="button" class="button large" data-testid="hard" onClick={() => void wasHard(last.id)}>{say.hard}</button>
          )}
        </div>
      )}
      {trouble.value !== null && <p class="note danger" role="alert">{trouble.value}</p>}
    </>
  );
}

/** Whether the pause runs; draws its user anew every second while there is one. */
export function usePausing(): boolean {
  useSeconds();
  return pauseLeft(hotline.value, serverNow()) > 0;
}

/** The card that asks about the last call, until it is answered or put away. */
export function AfterCall() {
  useSeconds();
  const call = askedAbout(hotline.value, serverNow());
  const held = useRef<string | null>(null);
  // While somebody writes, the card stays, whatever has been answered meanwhile.
  if (call) held.current = call.id;
  const { last, putAway: away } = hotline.value;
  const shown = call ?? (last !== null && last.id === held.current && away !== last.id ? last : null);
  return shown === null ? null : <Questions key={shown.id} call={shown} />;
}

function Questions({ call }: { readonly call: OwnCall }) {
  const say = words.value.hotline;
  return (
    <section class="card stack" aria-labelledby="after-title" data-testid="after-call">
      <div class="row spread">
        <h2 id="after-title">{say.howWasIt}</h2>
        <button type="button" class="button bare small" data-testid="put-away" onClick={() => putAway(call.id)}>
          {call.outcome === null ? say.putAway : words.value.common.close}
        </button>
      </div>
      <p class="quiet small">{`${call.hotline.name} · ${languageName(call.language)} · ${labelOf(call.label)}`}</p>
      <div class="row" role="group" aria-labelledby="after-title">
        {call.outcomes.map((outcome) => (
          <button
            key={outcome}
            type="button"
            class="button"
            aria-pressed={call.outcome === outcome}
            data-testid="outcome"
            onClick={() => void chooseOutcome(call.id, call.outcome === outcome ? '' : outcome)}
          >
            {outcome}
          </button>
        ))}
      </div>
      {call.notes_enabled && <Note call={call} />}
      {trouble.value !== null && <p class="note danger" role="alert" data-testid="after-trouble">{trouble.value}</p>}
    </section>
  );
}

type Saved = 'saved' | 'saving' | 'unsaved' | null;

function Note({ call }: { readonly call: OwnCall }) {
  const say = words.value.hotline;
  const [saved, setSaved] = useState<Saved>(null);
  const written = useRef(call.note ?? '');
  const kept = useRef(call.note ?? '');

  const keep = async () => {
    const text = written.current;
    if (text === kept.current) return;
    setSaved('saving');
    if (await keepNote(call.id, text)) kept.current = text;
    setSaved(kept.current === written.current ? 'saved' : 'unsaved');
  };

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const leaving = () => void keep();
    addEventListener('pagehide', leaving);
    return () => {
      removeEventListener('pagehide', leaving);
      clearTimeout(timer.current);
      leaving();
    };
  }, []);

  const said = { saved: say.noteSaved, saving: say.noteSaving, unsaved: say.noteUnsaved };
  return (
    <div class="field">
      <label for="note">{say.note}</label>
      <span class="hint" id="note-hint">{say.noteHint}</span>
      <textarea
        id="note"
        class="input"
        rows={4}
        maxLength={4000}
        defaultValue={call.note ?? ''}
        aria-describedby="note-hint"
        data-testid="note"
        onInput={(event) => {
          written.current = event.currentTarget.value;
          setSaved('unsaved');
          clearTimeout(timer.current);
          timer.current = setTimeout(() => void keep(), NOTE_RESTS);
        }}
        onBlur={() => void keep()}
      />
      <span class="small quiet" role="status" data-testid="note-saved">{saved === null ? '' : said[saved]}</span>
    </div>
  );
}
