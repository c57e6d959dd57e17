/** The organisation's recording of one prompt: from the microphone or a file, heard before it is used. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { tell } from '../../../parts/toast';
import { removeRecording, setRecording } from '../../../server/prompts';
import { sentence } from '../../../server/sentence';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { duration } from '../moments';
import { confirmed } from '../step-up';
import { useNow } from './now';
import type { PromptEditorProps } from './prompt-editor';
import { record, takeOf, type Recording, type Take } from './recorder';
import { LONGEST } from './wav';

type Making =
  | { readonly kind: 'idle'; readonly wrong?: string }
  | { readonly kind: 'recording'; readonly since: number; readonly machine: Recording }
  | { readonly kind: 'working' }
  | { readonly kind: 'taken'; readonly take: Take; readonly url: string; readonly wrong?: string };

/** Plays, makes, takes and removes the organisation's recording of a prompt. */
export function OwnRecording({ hotline, row, title, onChanged }: PromptEditorProps) {
  const say = hotlineWords.value.prompts;
  const making = useSignal<Making>({ kind: 'idle' });
  const file = useRef<HTMLInputElement>(null);
  const read = useId();

  // Whoever leaves while recording closes the microphone.
  useEffect(
    () => () => {
      if (making.peek().kind === 'recording') drop(making.peek());
    },
    [],
  );

  async function begin(): Promise<void> {
    try {
      const machine = await record(() => void finish());
      making.value = { kind: 'recording', since: Date.now(), machine };
    } catch {
      making.value = { kind: 'idle', wrong: say.noMicrophone };
    }
  }

  async function finish(): Promise<void> {
    const now = making.value;
    if (now.kind === 'recording') await take(now.machine.finish());
  }

  async function take(coming: Promise<Take>): Promise<void> {
    making.value = { kind: 'working' };
    try {
      const taken = await coming;
      making.value =
        taken.seconds > LONGEST
          ? { kind: 'idle', wrong: say.tooLong(LONGEST) }
          : { kind: 'taken', take: taken, url: URL.createObjectURL(taken.sound) };
    } catch {
      making.value = { kind: 'idle', wrong: say.unreadable };
    }
  }

  async function use({ take: { sound } }: { readonly take: Take }): Promise<void> {
    const before = making.value;
    making.value = { kind: 'working' };
    try {
      await confirmed(() => setRecording(hotline.id, row, sound));
      making.value = { kind: 'idle' };
      tell(say.recordingSaved(title));
      onChanged();
    } catch (error) {
      making.value = before.kind === 'taken' ? { ...before, wrong: sentence(error) } : { kind: 'idle', wrong: sentence(error) };
    }
  }

  async function remove(): Promise<void> {
    if ((await attempt(() => removeRecording(hotline.id, row))) === null) return;
    tell(say.recordingRemoved(title));
    onChanged();
  }

  const now = making.value;
  return (
    <div class="stack tight">
      <p class="strong small">{say.recording}</p>
      {row.recording !== null && (
        <div class="row">
          <audio controls preload="none" src={row.recording.url} aria-label={say.play(title)} />
          <span class="quiet small numbers">{duration(row.recording.seconds)}</span>
          <button type="button" class="button bare small" onClick={() => void remove()}>
            {say.removeRecording}
          </button>
        </div>
      )}
      <p class="quiet small" id={read}>
        {say.readAloud}{' '}
        <q lang={row.language} dir="auto">
          {row.text_to_record}
        </q>
      </p>
      {now.kind === 'recording' && (
        <div class="row">
          <span role="status">{say.recordingNow}</span>
          <Elapsed since={now.since} />
          <button type="button" class="button danger small" onClick={() => void finish()}>
            {say.stop}
          </button>
        </div>
      )}
      {now.kind === 'working' && (
        <p class="quiet" role="status">
          {say.working}
        </p>
      )}
      {now.kind === 'taken' && (
        <div class="row">
          <audio controls src={now.url} aria-label={say.listen} />
          <button type="button" class="button main small" data-testid={`use-${row.prompt}`} onClick={() => void use(now)}>
            {say.use}
          </button>
          <button
            type="button"
            class="button bare small"
            onClick={() => {
              drop(now);
              making.value = { kind: 'idle' };
            }}
          >
            {say.discard}
          </button>
        </div>
      )}
      {now.kind === 'idle' && (
        <div class="row">
          <button type="button" class="button small" aria-describedby={read} data-testid={`record-${row.prompt}`} onClick={() => void begin()}>
            {say.record}
          </button>
          <button type="button" class="button small" onClick={() => file.current?.click()}>
            {say.upload}
          </button>
          <input
            ref={file}
            type="file"
            accept="audio/*"
            hidden
            aria-label={say.upload}
            data-testid={`file-${row.prompt}`}
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen !== undefined) void take(takeOf(chosen));
              event.currentTarget.value = '';
            }}
          />
        </div>
      )}
      <div role="alert">{(now.kind === 'idle' || now.kind === 'taken') && now.wrong !== undefined && <p class="wrong">{now.wrong}</p>}</div>
    </div>
  );
}

/** How long the recording is by now: seen, and not said every second. */
function Elapsed({ since }: { readonly since: number }) {
  const now = useNow();
  return (
    <span class="numbers quiet" aria-hidden="true" data-testid="recorded">
      {duration(Math.floor((now - since) / 1000))}
    </span>
  );
}

function drop(making: Making): void {
  if (making.kind === 'recording') making.machine.drop();
  if (making.kind === 'taken') URL.revokeObjectURL(making.url);
}
