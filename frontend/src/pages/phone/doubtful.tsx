/** The server doubts that this phone would be heard: it says why, and offers a ring to try. */
import { hotline } from '../../hotline/duty';
import { chosen } from '../../phone/choices';
import { holdsLine, lineOf, type Phone } from '../../phone/state';
import { playTestRing } from '../../sound';
import { words } from '../../words';

export function Doubtful({ phone }: { readonly phone: Phone }) {
  const say = words.value.hotline;
  const { doubt } = hotline.value;
  if (doubt === null || !holdsLine(lineOf(phone))) return null;
  return (
    <div class="note warn stack" role="alert" data-testid="doubtful">
      <p>{(doubt.why === null ? null : say.doubts[doubt.why]) ?? doubt.message}</p>
      <div class="row call-buttons">
        <button type="button" class="button" data-testid="try-ring" onClick={() => void playTestRing(chosen.ring.value)}>{say.testRing}</button>
        <button type="button" class="button" data-testid="load-again" onClick={() => location.reload()}>{say.reload}</button>
      </div>
    </div>
  );
}
