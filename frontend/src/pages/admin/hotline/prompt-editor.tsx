/** One prompt in one language: our text, the organisation's own, or its recording. */
import { useSignal } from '@preact/signals';
import { TextField } from '../../../parts/field';
import { tell } from '../../../parts/toast';
import { sentence } from '../../../server/sentence';
import type { Hotline } from '../../../server/hotlines';
import { removeOwnText, setOwnText, type PromptRow } from '../../../server/prompts';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { confirmed } from '../step-up';
import { OwnRecording } from './own-recording';

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
