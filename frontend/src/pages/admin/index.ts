/** The administrator's pages. */
export { AdminPage } from './admin';
