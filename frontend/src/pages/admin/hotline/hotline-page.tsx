/** The page of one hotline: whether it is open, and its parts one by one. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Confirm } from '../../../parts/confirm';
import { Switch } from '../../../parts/switch';
import { tell } from '../../../parts/toast';
import { closeHotline, readHotline, readLimits, type Hotline } from '../../../server/hotlines';
import { readPrompts } from '../../../server/prompts';
import { language } from '../../../words';
import { hotlineWords } from '../../../words/hotlines';
import { attempt } from '../deed';
import { Consequences } from '../overview';
import { Shown, useReading } from '../remote';
import { After } from './after';
import { FallbackPart } from './fallback';
import { General } from './general';
import { Hours } from './hours';
import { HotlineState } from './hotlines';
import { languageName } from './language-names';
import { Languages } from './languages';
import { Members } from './members';
import { Messages } from './messages';
import { hotlineParts, partPath, type HotlinePart } from './places';
import { Prompts } from './prompts';
import { Ringing } from './ringing';
import { WhoRingsPart } from './who-rings';

export interface PartProps {
  readonly hotline: Hotline;
  /** The server has told us what the hotline is now. */
  readonly onSaved: (hotline: Hotline) => void;
}

export function HotlinePage({ id, part }: { readonly id: string; readonly part: HotlinePart }) {
  const say = hotlineWords.value.hotlines;
  const hotline = useReading(() => readHotline(id), id, ['audit']);
  return (
    <>
      <p>
        <a href="/admin/hotlines">{say.back}</a>
      </p>
      <Shown reading={hotline}>
        {(held) => (
          <>
            <Head hotline={held} onSaved={hotline.put} />
            <nav class="parts" aria-label={say.parts}>
              <ul>
                {hotlineParts.map((name) => (
                  <li key={name}>
                    <a href={partPath(id, name)} aria-current={name === part ? 'page' : undefined} data-testid={`part-${name}`}>
                      {say.nav[name]}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            <Part key={part} part={part} hotline={held} onSaved={hotline.put} />
          </>
        )}
      </Shown>
    </>
  );
}

/** Whoever comes to a part by keyboard or ear starts at its beginning; at the first look the section's heading does. */
let lastPart: HotlinePart | null = null;

function Part({ part, ...props }: PartProps & { readonly part: HotlinePart }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (lastPart !== null && lastPart !== part) box.current?.focus();
    lastPart = part;
  }, []);
  return (
    <div ref={box} tabIndex={-1} class="stack part" role="region" aria-label={hotlineWords.value.hotlines.nav[part]}>
      <PartBody part={part} {...props} />
    </div>
  );
}

function PartBody({ part, hotline, onSaved }: PartProps & { readonly part: HotlinePart }) {
  switch (part) {
    case 'general':
      return <General hotline={hotline} onSaved={onSaved} />;
    case 'hours':
      return <Hours hotline={hotline} onSaved={onSaved} />;
    case 'languages':
      return <Languages hotline={hotline} onSaved={onSaved} />;
    case 'prompts':
      return <Prompts hotline={hotline} />;
    case 'ringing':
      return <Ringing hotline={hotline} onSaved={onSaved} />;
    case 'members':
      return <Members hotline={hotline} onSaved={onSaved} />;
    case 'after':
      return <After hotline={hotline} onSaved={onSaved} />;
    case 'messages':
      return <Messages hotline={hotline} />;
    case 'who-rings':
      return <WhoRingsPart hotline={hotline} />;
    case 'fallback':
      return <FallbackPart hotline={hotline} />;
    default:
      return part satisfies never;
  }
}

function Head({ hotline, onSaved }: PartProps) {
  const say = hotlineWords.value.hotlines;
  const asked = useSignal<boolean | null>(null);

  async function turn(closed: boolean): Promise<void> {
    const turned = await attempt(() => closeHotline(hotline.id, closed));
    asked.value = null;
    if (turned === null) return;
    onSaved(turned);
    tell(turned.closed ? say.nowClosed : turned.open_now ? say.nowOpen : say.nowByHours);
  }

  return (
    <section class="card row spread" aria-labelledby="hotline-title">
      <div>
        <h2 id="hotline-title" data-testid="hotline-title">
          {hotline.name}
        </h2>
        <HotlineState hotline={hotline} />
      </div>
      <div class="row">
        <span class="quiet small" id="closed-hint">
          {say.closedHint}
        </span>
        <Switch
          label={say.closedLabel}
          on={hotline.closed}
          words={say.closedWords}
          describedBy="closed-hint"
          testId="closed-switch"
          onTurn={(wanted) => (asked.value = wanted)}
        />
      </div>
      {asked.value !== null && (
        <Confirm
          title={asked.value ? say.closeTitle(hotline.name) : say.openTitle(hotline.name)}
          deed={asked.value ? say.closeDeed : say.openDeed}
          danger={asked.value}
          onYes={() => turn(asked.value === true)}
          onNo={() => (asked.value = null)}
        >
          <Consequences sentences={asked.value ? say.closeWhat : say.openWhat} />
          {asked.value && <ClosedSentence hotline={hotline} />}
        </Confirm>
      )}
    </section>
  );
}

/** What callers hear of a closed hotline, word by word. */
export async function readClosedSentence({ id, default_language: code }: Hotline): Promise<ClosedWords> {
  const [limits, languages] = await Promise.all([readLimits(id), readPrompts(id)]);
  const prompt = limits.voicemail_enabled ? 'closed_leave_message' : 'closed_alternatives';
  const row = languages.find((one) => one.code === code)?.prompts.find((one) => one.prompt === prompt);
  return { text: row?.own_text ?? row?.text ?? '', recorded: (row?.recording ?? null) !== null, messages: limits.voicemail_enabled };
}

interface ClosedWords {
  readonly text: string;
  readonly recorded: boolean;
  readonly messages: boolean;
}

function ClosedSentence({ hotline }: { readonly hotline: Hotline }) {
  const say = hotlineWords.value.hotlines;
  const sentence = useReading(() => readClosedSentence(hotline), hotline.id);
  return (
    <Shown reading={sentence}>
      {({ text, recorded, messages }) => (
        <>
          <p>{recorded ? say.closedRecording : say.closedHear(languageName(hotline.default_language, language.value))}</p>
          <blockquote class="said" lang={hotline.default_language} dir="auto">
            {text.replaceAll('{name}', hotline.name)}
          </blockquote>
          <p class="quiet small">{messages ? say.closedMessages : say.closedNoMessages}</p>
        </>
      )}
    </Shown>
  );
}

