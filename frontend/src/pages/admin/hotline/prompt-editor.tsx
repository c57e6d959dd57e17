/** One prompt in one language: our text, the organisation's own, or its recording. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { TextField } from '../../../parts/field';
import { tell } from '../../../parts/toast';
import { sentence } from '../../../server/sentence';
import type { Hotline } from '../../../server/hotlines';
import { removeOwnText, removeRecording, setOwnText, setRecording, type PromptRow } from '../../../server/prompts';
import { hotlineWords } from '../../../words/hotline';
import { attempt } from '../deed';
import { duration } from '../moments';
import { confirmed } from '../step-up';
import { record, takeOf, type Recording, type Take } from './recorder';
import { LONGEST } from './wav';

export interface PromptEditorProps {
  readonly hotline: Hotline;
  readonly row: PromptRow;
  readonly hasVoice: boolean;
  readonly title: string;
  readonly onChanged: () => void;
}

export function PromptEditor(props: PromptEditorProps) {
  const say = hotlineWords.value.prompts;
  const { row, hasVoice } = props;
  return (
    <div class="stack prompt-body">
      <div>
        <p class="strong small">{say.ours}</p>
        <blockquote class="said" lang={row.language} dir="auto">
          {row.text}
        </blockquote>
        {/\{[a-z]+\}/.test(row.text) && <p class="quiet small">{say.fills}</p>}
      </div>
      {hasVoice ? <OwnText {...props} /> : <p class="quiet small">{say.noVoiceText}</p>}
      <OwnRecording {...props} />
    </div>
  );
}

function OwnText({ hotline, row, title, onChanged }: PromptEditorProps) {
  const say = hotlineWords.value.prompts;
  const text = useSignal(row.own_text ?? '');
  const wrong = useSignal<string | undefined>(undefined);

  async function save(): Promise<void> {
    try {
      await confirmed(() => setOwnText(hotline.id, row, text.value));
      wrong.value = undefined;
      tell(say.textSaved(title));
      onChanged();
    } catch (error) {
      wrong.value = sentence(error);
    }
  }

  async function remove(): Promise<void> {
    if ((await attempt(() => removeOwnText(hotline.id, row))) === null) return;
    text.value = '';
    tell(say.textRemoved(title));
    onChanged();
  }

  return (
    <form
      class="stack tight"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label={say.ownText}
        hint={row.recording === null ? say.ownTextHint : say.ownTextBehind}
        text={text}
        wrong={wrong.value}
        lines={3}
        testId={`own-text-${row.prompt}`}
      />
      <div class="row">
        <button class="button small" data-testid={`save-text-${row.prompt}`}>
          {say.saveText}
        </button>
        {row.own_text === null ? (
          <button type="button" class="button bare small" onClick={() => (text.value = row.text)}>
            {say.startFromOurs}
          </button>
        ) : (
          <button type="button" class="button bare small" onClick={() => void remove()}>
            {say.backToOurs}
          </button>
        )}
      </div>
    </form>
  );
}

type Making =
  | { readonly kind: 'idle'; readonly wrong?: string }
  | { readonly kind: 'recording'; readonly since: number; readonly machine: Recording }
  | { readonly kind: 'working' }
  | { readonly kind: 'taken'; readonly take: Take; readonly url: string; readonly wrong?: string };

function OwnRecording({ hotline, row, title, onChanged }: PromptEditorProps) {
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

function drop(making: Making): void {
  if (making.kind === 'recording') making.machine.drop();
  if (making.kind === 'taken') URL.revokeObjectURL(making.url);
}
