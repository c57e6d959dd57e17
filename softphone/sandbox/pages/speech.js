// Says what `<Speak>` says and plays what `<Play>` plays. Always ends: a machine without voices takes the time that reading would.

const MS_A_CHARACTER = 55;
const SHORTEST = 900;
const LONGEST = 60_000;

let current = null;

/** Speak; resolves when it has been spoken, stopped, or the time for it is over. */
export function speak(text, language, voice) {
  stop();
  const reading = Math.min(LONGEST, Math.max(SHORTEST, text.length * MS_A_CHARACTER));
  const synthesis = window.speechSynthesis;
  const voices = synthesis ? synthesis.getVoices() : [];
  return until((done) => {
    if (!voices.length) return after(reading, done);
    const words = new SpeechSynthesisUtterance(text);
    words.lang = language;
    words.voice = fitting(voices, language, voice);
    words.onend = done;
    words.onerror = done;
    synthesis.speak(words);
    // Some engines never say that they have finished.
    const watchdog = after(reading * 2 + 3000, done);
    return () => { watchdog(); synthesis.cancel(); };
  });
}

/** Play a recording; resolves when it has ended, cannot be played, or was stopped. */
export function play(element, url) {
  stop();
  return until((done) => {
    element.onended = done;
    element.onerror = done;
    element.src = url;
    element.play().catch(done);
    const watchdog = after(120_000, done);
    return () => { watchdog(); element.pause(); element.removeAttribute('src'); };
  });
}

/** Stop speaking and playing. */
export function stop() {
  current?.();
  current = null;
}

function until(begin) {
  return new Promise((resolve) => {
    let over = false;
    let end = () => {};
    const done = () => {
      if (over) return;
      over = true;
      end();
      if (current === done) current = null;
      resolve();
    };
    current = done;
    end = begin(done) ?? end;
  });
}

function after(ms, done) {
  const timer = setTimeout(done, ms);
  return () => clearTimeout(timer);
}

function fitting(voices, language, wanted) {
  const name = wanted.replace('Polly.', '').toLowerCase();
  const short = language.slice(0, 2).toLowerCase();
  return voices.find((one) => one.name.toLowerCase().includes(name))
    ?? voices.find((one) => one.lang.toLowerCase() === language.toLowerCase())
    ?? voices.find((one) => one.lang.toLowerCase().startsWith(short))
    ?? null;
}
