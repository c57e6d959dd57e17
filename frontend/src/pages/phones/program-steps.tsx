/** One program's steps, with the values where they are needed. */
import { Copy } from '../../parts/copy';
import type { Provision } from '../../server/phones';
import { language } from '../../words';
import { sipWords } from '../../words/sip';
import { moment } from '../admin/moments';
import { programs, valuesOf, type Field, type ProgramName, type Values } from './programs';
import { QrCode } from './qr-code';

export function ProgramSteps({ name, provision }: { readonly name: ProgramName; readonly provision: Provision }) {
  const say = sipWords.value.setup;
  const said = say.programs[name];
  const values = valuesOf(provision);
  if (said === undefined) return null;
  return (
    <div class="stack" data-testid={`steps-${name}`}>
      <p class="quiet">{said.about}</p>
      <ol class="steps">
        {programs[name].steps.map((fields, at) => (
          <li key={at} class="stack tight">
            <p>{said.steps[at]}</p>
            {fields.length > 0 && <Fields fields={fields} values={values} />}
            <Extra name={name} at={at} provision={provision} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Fields({ fields, values }: { readonly fields: readonly Field[]; readonly values: Values }) {
  const say = sipWords.value.setup;
  return (
    <dl class="setup-fields">
      {fields.map(([label, name]) => {
        const value = values[name];
        return (
          <div key={label}>
            <dt lang="en" translate={false}>{label}</dt>
            <dd class={isLong(value) ? 'long' : undefined}>{value === null ? <span class="quiet">{say.empty}</span> : <Copy label={label} text={value} />}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Too long to be seen whole beside its button on a narrow screen. */
export function isLong(value: string | null): boolean {
  return value !== null && value.length > 16;
}

/** What a step needs beside fields: a code, a link, a file. */
function Extra({ name, at, provision }: { readonly name: ProgramName; readonly at: number; readonly provision: Provision }) {
  const say = sipWords.value.setup;
  const { linphone } = provision;
  if (name === 'microsip' && at === 0) return <SettingsFile text={provision.microsip_ini} />;
  if (name !== 'linphone') return null;
  switch (at) {
    case 1: {
      const code = provision.qr.find(({ program }) => program === 'linphone');
      return code === undefined ? null : (
        <>
          <QrCode text={code.payload} label={say.qr} />
          <p class="quiet small">{say.qrUntil(moment(linphone.expires_at, language.value, Date.now()))}</p>
        </>
      );
    }
    case 2:
      return (
        <a class="button wide-start" href={linphone.link} rel="noopener" data-testid="open-linphone">
          {say.openLinphone}
        </a>
      );
    case 3:
      return <Copy label={say.address} text={linphone.xml_url} testId="linphone-address" />;
    default:
      return null;
  }
}

function SettingsFile({ text }: { readonly text: string }) {
  const say = sipWords.value.setup;

  function save(): void {
    const address = URL.createObjectURL(new Blob([text.replaceAll('\n', '\r\n')], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = 'microsip.ini';
    link.click();
    URL.revokeObjectURL(address);
  }

  return (
    <>
      <button type="button" class="button wide-start" data-testid="microsip-file" onClick={save}>
        {say.file}
      </button>
      <p class="quiet small">{say.fileNote}</p>
    </>
  );
}
