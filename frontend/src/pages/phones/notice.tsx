/** On the volunteer's page: what they must know of a softphone of theirs. */
import { sipNews } from '../../phone/sip-news';
import { words } from '../../words';

export function PhoneNews() {
  const say = words.value.phone;
  const news = sipNews.value;
  const sentence = news === null ? undefined : say.sipNews[news.state]?.(news.label, news.device ?? '–');
  return (
    <div role="alert">
      {sentence !== undefined && (
        <div class="note warn stack" data-testid="sip-news">
          <p>{sentence}</p>
          <div class="row">
            <a class="button small" href="/phones">{say.myPhones}</a>
            <button type="button" class="button small" onClick={() => (sipNews.value = null)}>{say.sipNewsAway}</button>
          </div>
        </div>
      )}
    </div>
  );
}
