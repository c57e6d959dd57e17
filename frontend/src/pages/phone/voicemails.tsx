/** Messages that callers left: heard through our server, seen to by one person at a time. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { voicemailNews } from '../../hotline/duty';
import { changeVoicemail, fetchVoicemails, type Voicemail } from '../../server/hotline';
import { failureOf, sentence } from '../../server/sentence';
import { language, words } from '../../words';
import { labelOf, languageName } from './caller';
import { clockFace, dayAndTime } from './ticking';

/** So many at first, and so many more at each wish; the server gives at most a hundred. */
const STEP = 10;
const MOST = 100;

type Found = { readonly kind: 'read'; readonly items: readonly Voicemail[]; readonly total: number } | { readonly kind: 'off-duty' };

export function Voicemails() {
  const say = words.value.hotline;
  const found = useSignal<Found | null>(null);
  const limit = useSignal(STEP);

  useEffect(() => {
    let current = true;
    fetchVoicemails(limit.value).then(
      ({ items, total }) => {
        if (current) found.value = { kind: 'read', items, total };
      },
      (error: unknown) => {
        if (current && failureOf(error).code === 'not_on_duty') found.value = { kind: 'off-duty' };
      },
    );
    return () => {
      current = false;
    };
  }, [voicemailNews.value, limit.value]);

  const now = found.value;
  if (now === null) return null;
  return (
    <section class="card stack" aria-labelledby="voicemails-title" data-testid="voicemails">
      <h2 id="voicemails-title">{say.voicemails}</h2>
      {now.kind === 'off-duty' && <p class="quiet">{say.voicemailsOffDuty}</p>}
      {now.kind === 'read' && now.items.length === 0 && <p class="quiet">{say.noVoicemails}</p>}
      {now.kind === 'read' && <ul class="calls">{now.items.map((one) => <Message key={one.id} message={one} />)}</ul>}
      {now.kind === 'read' && now.total > now.items.length && limit.value < MOST && (
        <button type="button" class="button" onClick={() => (limit.value = Math.min(MOST, limit.value + STEP))}>{say.olderVoicemails}</button>
      )}
    </section>
  );
}

function standing(message: Voicemail): string {
  const say = words.value.hotline;
  const name = message.taken_by?.name ?? '';
  if (message.state === 'taken') return message.mine ? say.takenByMe : say.takenBy(name);
  return message.state === 'done' && name !== '' ? say.doneBy(name) : say.states[message.state];
}

function Message({ message }: { readonly message: Voicemail }) {
  const say = words.value.hotline;
  const wrong = useSignal<unknown>(null);
  const unplayable = useSignal(false);
  const label = labelOf(message.caller);
  const facts = [
    message.hotline?.name,
    languageName(message.language),
    message.seconds === null ? undefined : clockFace(message.seconds),
    standing(message),
  ].filter((fact) => fact !== undefined);

  const change = async (deed: 'take' | 'release' | 'done') => {
    try {
      await changeVoicemail(message.id, deed);
      wrong.value = null;
    } catch (error) {
      wrong.value = error;
    }
    voicemailNews.value += 1;
  };

  const mine = message.state === 'taken' && message.mine;
  return (
    <li class="message stack" data-testid="voicemail" data-state={message.state}>
      <div class="row spread">
        <span class="call-who">
          <span>{label}</span>
          <span class="small quiet">{facts.join(' · ')}</span>
        </span>
        <span class="small quiet numbers">{dayAndTime(message.left_at, language.value)}</span>
      </div>
      <audio
        controls
        preload="none"
        src={`/api/voicemails/${encodeURIComponent(message.id)}/audio`}
        aria-label={say.play(label)}
        onError={() => (unplayable.value = true)}
        onPlaying={() => (unplayable.value = false)}
      />
      {unplayable.value && <p class="note warn" role="status">{say.unplayable}</p>}
      {wrong.value !== null && <p class="note warn" role="alert" data-testid="voicemail-conflict">{sentence(wrong.value)}</p>}
      {(message.state === 'new' || mine) && (
        <div class="row">
          {message.state === 'new' && (
            <button type="button" class="button" data-testid="voicemail-take" onClick={() => void change('take')}>{say.take}</button>
          )}
          {mine && (
            <>
              <button type="button" class="button main" data-testid="voicemail-done" onClick={() => void change('done')}>{say.done}</button>
              <button type="button" class="button" data-testid="voicemail-release" onClick={() => void change('release')}>{say.release}</button>
            </>
          )}
        </div>
      )}
    </li>
  );
}
