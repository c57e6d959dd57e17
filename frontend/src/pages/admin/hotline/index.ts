/** The administrator's pages about hotlines and their callers: loaded when one of them is opened. */
import './hotline.css';

export { BoardSection } from './board';
export { ChartsSection } from './charts';
export { HotlinesSection } from './hotlines';
export { LogSection } from './log';
export { PrivacySection } from './privacy';
