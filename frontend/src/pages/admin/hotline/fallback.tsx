/** The document that Plivo falls back to when this service does not answer. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { TextField } from '../../../parts/field';
import { Status } from '../../../parts/status';
import { tell } from '../../../parts/toast';
import { makeFallback, readFallback, type Fallback, type Hotline, type MadeFallback } from '../../../server/hotlines';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { exactMoment } from '../moments';
import { Shown, useReading } from '../remote';

export function FallbackPart({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.fallback;
  const state = useReading(() => readFallback(hotline.id), hotline.id, ['audit']);
  const made = useSignal<MadeFallback | null>(null);
  const address = useSignal('');
  const busy = useSignal(false);

  async function make(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    const fresh = await attempt(() => makeFallback(hotline.id, address.value.trim()));
    busy.value = false;
    if (fresh === null) return;
    made.value = fresh;
    state.put(fresh);
    tell(say.madeNow);
  }

  return (
    <section class="card stack" aria-labelledby="fallback-title">
      <h3 id="fallback-title" class="card-title">
        {say.title}
      </h3>
      <p class="quiet">{say.intro}</p>
      <Shown reading={state}>{(held) => <State held={held} />}</Shown>
      <TextField label={say.address} hint={say.addressHint} text={address} exact testId="fallback-address" />
      <div>
        <button type="button" class="button main" aria-disabled={busy.value} data-testid="fallback-make" onClick={() => void make()}>
          {busy.value ? say.making : say.make}
        </button>
        <p class="quiet small">{say.makeHint}</p>
      </div>
      {made.value !== null && (
        <>
          <ol class="consequences steps">
            {say.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <Download name={`${hotline.id}.xml`} text={made.value.document} label={say.document} />
          <Download name={`${hotline.id}-confirm.xml`} text={made.value.confirm_document} label={say.confirmDocument} />
        </>
      )}
    </section>
  );
}

function State({ held }: { readonly held: Fallback }) {
  const say = hotlineWords.value.fallback;
  return (
    <div class="stack tight" data-testid="fallback-state">
      {held.why === null ? (
        <Status mood="good">{say.fresh}</Status>
      ) : (
        <Status mood="danger">{held.why === 'never_made' ? say.never : say.changed}</Status>
      )}
      {held.made_at !== null && <span class="quiet small">{say.madeAt(exactMoment(held.made_at, language.value))}</span>}
      <span class={held.phones === 0 ? 'note warn' : 'quiet small'}>{say.phones(held.phones)}</span>
    </div>
  );
}

interface DownloadProps {
  readonly name: string;
  readonly text: string;
  readonly label: string;
}

/** The file is made here, in the browser: it names private telephones and must not lie at an address of ours. */
function Download({ name, text, label }: DownloadProps) {
  const say = hotlineWords.value.fallback;
  const url = useMemo(() => URL.createObjectURL(new Blob([text], { type: 'application/xml' })), [text]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <div class="stack tight">
      <p class="row spread">
        <span class="strong">{label}</span>
        <a class="button small" href={url} download={name}>
          {say.download(name)}
        </a>
      </p>
      <details class="fold">
        <summary>{say.look}</summary>
        <pre class="document" tabIndex={0} aria-label={label}>
          {text}
        </pre>
      </details>
    </div>
  );
}
